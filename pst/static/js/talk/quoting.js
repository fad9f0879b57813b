/* Quote a message: the composer shows which, and sends where it stands. */

import { idOf } from "../aloud.js";
import { $, oneLine } from "../dom.js";

const SHOWN = 160;

/* No id takes the quote away. */
function quote(form, id) {
  const box = $("[data-quoting]", form);
  if (!box) return;
  const text = id ? oneLine($(`#message-${id} > .text`)?.textContent ?? "…") : "";
  form.elements.quoted.value = id;
  $("blockquote", box).textContent = text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text;
  box.hidden = !id;
}

function quotePressed(event) {
  const link = event.target.closest?.("[data-quote]");
  const form = $("#composer");
  if (!link || !form || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  quote(form, link.dataset.quote ? "" : idOf(link.closest("li")));
  // Kept with the words, if there are any.
  form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
  form.elements.body.focus({ preventScroll: true });
}

export function prepareQuoting() {
  const form = $("#composer");
  const kept = form?.elements.quoted?.value; // put back before this script ran
  if (kept && $("[data-quoting]", form).hidden) quote(form, kept);
  document.addEventListener("click", quotePressed);
  document.addEventListener("emptied", ({ target }) => quote(target, ""));
  document.addEventListener("put-back", ({ target, detail }) => quote(target, detail.get("quoted") ?? ""));
}
