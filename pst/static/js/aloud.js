/* What a screen reader says: each thing once, in order; what changes often is only to be seen. */

import { $, $$, oneLine } from "./dom.js";

const MAX_LINES = 20;
const heard = new Set();

export const entries = () => $$("#thread > [id^=message-]");
export const idOf = (entry) => Number(entry.id.slice("message-".length));

/* What was corrected is said again. */
const spokenOf = (entry) => `${entry.id} ${entry.dataset.correction ?? ""}`;

export function sayAloud(text) {
  const log = $("#kabar");
  if (!log || !text) return;
  const line = document.createElement("p");
  line.textContent = text;
  log.append(line);
  while (log.childElementCount > MAX_LINES) log.firstChild.remove();
}

export function sayNews() {
  for (const entry of entries().sort((a, b) => idOf(a) - idOf(b))) {
    const words = spokenOf(entry);
    if (heard.has(words)) continue;
    heard.add(words);
    const parts = entry.matches(".msg") ? $$(".by b, .text, .file", entry) : [entry];
    sayAloud(parts.map((part) => oneLine(part.textContent)).join(": "));
  }
}

/* What stands on the page as it comes is read with the page. */
export function knowEntries() {
  for (const entry of entries()) heard.add(spokenOf(entry));
}
