/* Buttons that print the page or copy a text of it; the menus of the browser do so too. */

import { $, $$ } from "../dom.js";
import { TALK_WORDS } from "./talk_words.js";

async function copy(button) {
  const text = document.getElementById(button.dataset.copy);
  text.select();
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    document.execCommand("copy"); // where a page has no leave to write there
  }
  $("[data-copied]").textContent = TALK_WORDS.copied;
}

export function preparePrinting() {
  for (const button of $$("[data-print], [data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => (button.dataset.copy ? copy(button) : window.print()));
  }
}
