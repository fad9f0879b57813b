/* A conversation that looks like one: where it opens, what was read, quotes and corrections.
   Without these files its pages work as plain pages do. */

import { entries } from "../aloud.js";
import { prepareEnter } from "./entering.js";
import { openAtUnread } from "./opening.js";
import { prepareFolding } from "./folding.js";
import { endCorrecting, showSeen } from "./own_messages.js";
import { preparePrinting } from "./printing.js";
import { prepareQuoting } from "./quoting.js";
import { prepareReading, watchReading } from "./read_marks.js";
import { follow, prepareEnd } from "./unread.js";

const shown = new WeakSet();

function knowShown() {
  for (const entry of entries()) shown.add(entry);
}

function swapped(event) {
  showSeen();
  endCorrecting();
  if (event.target.id !== "thread") return;
  follow(entries().filter((entry) => !shown.has(entry)));
  knowShown();
  watchReading();
}

knowShown();
openAtUnread();
prepareEnd();
prepareReading();
prepareQuoting();
prepareEnter();
prepareFolding();
preparePrinting();
endCorrecting();
document.addEventListener("htmx:after:swap", swapped);
