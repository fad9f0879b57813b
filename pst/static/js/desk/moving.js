/* Up and down the lists: the chosen row is the one with the focus; a poll does not touch it. */

import { $, $$ } from "../dom.js";
import { keepPlace, keptPlace } from "./place.js";

let chosen = "";
let place = 0;

export const links = () => $$("#worklist .work > li > a, #tindak-lanjut .work > li > a");
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

function focusOn(link) {
  link.focus({ preventScroll: true });
  link.scrollIntoView({ block: "center" });
}

/* The first row of a part of the list, by the number of the part. */
export function moveToSection(number) {
  const part = $(`[data-section="${number}"]`);
  const heading = part && $(part.hash);
  const first = heading && $("li > a", heading.nextElementSibling);
  if (!first) return;
  first.focus({ preventScroll: true });
  heading.scrollIntoView({ block: "start" });
}

export function watchRows() {
  const kept = $("#worklist") && keptPlace(links());
  if (kept) focusOn(kept);
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.(".work li");
    if (!row) return;
    chosen = row.id;
    keepPlace(
      row,
      links().findIndex((link) => row.contains(link)),
    );
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
