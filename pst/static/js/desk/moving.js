/* Up and down the lists: the chosen row is the one with the focus; a poll does not touch it. */

import { $, $$ } from "../dom.js";

let chosen = "";
let place = 0;

export const links = () => $$("#worklist .work a, #tindak-lanjut .work a");
export const currentRow = () =>
  document.activeElement?.closest?.(".work li") ?? document.getElementById(chosen);

export function move(step) {
  const all = links();
  const row = currentRow();
  const at = all.findIndex((link) => row?.contains(link));
  const first = step > 0 ? 0 : all.length - 1;
  const next = all[at < 0 ? first : at + step];
  if (!next) return;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

export function watchRows() {
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.(".work li");
    if (row) chosen = row.id;
  });
  /* A row that another officer claimed leaves the list: the focus goes to its neighbour. */
  const list = $("#worklist");
  list?.addEventListener("htmx:before:swap", () => {
    place = links().indexOf(document.activeElement);
  });
  list?.addEventListener("htmx:after:swap", () => {
    const all = links();
    if (place >= 0 && document.activeElement === document.body && all.length) {
      all[Math.min(place, all.length - 1)].focus({ preventScroll: true });
    }
  });
}
