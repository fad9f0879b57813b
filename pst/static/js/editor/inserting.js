/* Put an article into the answer that is being written. */

import { $, $$, addText } from "../dom.js";

function insertArticle(button) {
  const area = $("#composer textarea");
  if (!button || !area) return false;
  addText(area, button.dataset.insert);
  return true;
}

document.addEventListener("click", (event) => insertArticle(event.target.closest("[data-insert]")));

/* Enter takes the link of the first article, Ctrl+Enter its words. */
document.addEventListener("keydown", (event) => {
  const search = event.target.closest?.("[data-choices] input");
  if (!search || event.key !== "Enter") return;
  const buttons = $$("#pilihan [data-insert]");
  if (insertArticle(buttons[event.ctrlKey ? 1 : 0])) event.preventDefault();
});
