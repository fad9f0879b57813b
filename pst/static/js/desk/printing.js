/* The button that prints the page; without this file the menu of the browser does. */

import { $$ } from "../dom.js";

export function preparePrinting() {
  for (const button of $$("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
