/* One's own messages: when the other side has read them, and how long they can be corrected. */

import { idOf } from "../aloud.js";
import { $, $$ } from "../dom.js";
import { TALK_WORDS } from "./talk_words.js";

/* The state of the page says how far the other side has read. */
export function showSeen() {
  const upto = Number($("#state")?.dataset.seen ?? 0);
  for (const mark of $$("#thread [data-sent]")) {
    const entry = mark.closest("li");
    if (idOf(entry) > upto) continue;
    mark.textContent = TALK_WORDS.isRead;
    mark.removeAttribute("data-sent");
    $("[data-correct]", entry)?.remove();
  }
}

export function endCorrecting() {
  for (const link of $$("[data-left]")) {
    setTimeout(() => link.remove(), Number(link.dataset.left) * 1000);
    link.removeAttribute("data-left");
    link.dataset.correct = "";
  }
}
