/* The text as readers will see it: next to it on a wide screen, behind a button on a phone. */

import { $ } from "../dom.js";

export function preparePreview(form, area) {
  const editor = $("[data-editor]", form);
  const panel = $(".preview", editor);
  const button = $("[data-preview]", form);

  const turn = (isShown) => {
    editor.classList.toggle("shows-preview", isShown);
    button.setAttribute("aria-pressed", String(isShown));
    if (isShown) editor.scrollIntoView({ block: "start" });
  };
  editor.classList.add("is-live");
  panel.hidden = false;
  turn(false);
  button.type = "button";
  button.addEventListener("click", () => turn(button.getAttribute("aria-pressed") !== "true"));
  area.addEventListener("scroll", () => {
    const hidden = area.scrollHeight - area.clientHeight;
    if (hidden > 0) panel.scrollTop = (area.scrollTop / hidden) * (panel.scrollHeight - panel.clientHeight);
  });
  /* Words that were kept in the browser stand there already. */
  if (area.value !== area.defaultValue) area.dispatchEvent(new Event("input", { bubbles: true }));
}
