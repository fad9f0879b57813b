/* Which key sends a message. */

import { $, page } from "../dom.js";

const ENTER_AT = "pst-enter";

function wish(value) {
  try {
    if (value === undefined) return localStorage.getItem(ENTER_AT) === "yes";
    if (page.dataset.keep !== "no") localStorage.setItem(ENTER_AT, value ? "yes" : "no");
  } catch {
    /* Not kept. */
  }
  return false;
}

/* Ctrl+Enter always sends; Enter alone where its person wants that. What the desk does with a
   key in its field, as to take a canned answer, comes first. */
export function prepareEnter() {
  const label = $("#composer [data-enter]");
  if (!label) return;
  const box = $("input", label);
  const { form } = box;
  box.checked = wish();
  label.hidden = false;
  box.addEventListener("change", () => wish(box.checked));
  form.addEventListener("keydown", (event) => {
    if (event.target !== form.elements.body || event.defaultPrevented) return;
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    if (!(event.ctrlKey || event.metaKey || box.checked)) return;
    event.preventDefault();
    ($("[name=press][value=kirim]", form) ?? $("button:not([type=button])", form)).click();
  });
}
