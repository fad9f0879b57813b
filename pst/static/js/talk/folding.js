/* On a phone the composer is one line until someone is about to write (docked_composer.css).
   It is not folded while something may be pressed in it: only as the conversation is moved. */

import { $ } from "../dom.js";

export function prepareFolding() {
  const form = $(".talk #composer");
  if (!form) return;
  const holds = () =>
    form.elements.body.value || $(".uploads li, [aria-invalid=true], [data-quoting]:not([hidden])", form);
  const fold = () => {
    if (!form.contains(document.activeElement) && !holds()) form.classList.add("folded");
  };
  fold();
  form.addEventListener("focusin", () => form.classList.remove("folded"));
  document.addEventListener("touchmove", fold, { passive: true });
  document.addEventListener("wheel", fold, { passive: true });
}
