/* What is fetched while one types, or by itself, says in a few words what it is: once the
   typing rests, and not again while it stays the same. */

import { $, $$ } from "./dom.js";

const REST_MS = 800;
let counted = "";
let resting = 0;

const counts = () =>
  $$("[data-heard]")
    .map((element) => element.dataset.heard)
    .join(". ");

export function sayCounts() {
  clearTimeout(resting);
  resting = setTimeout(() => {
    const now = counts();
    if (now === counted) return;
    counted = now;
    $("#hasil").textContent = now;
  }, REST_MS);
}

export function prepareCounts() {
  const line = document.createElement("p");
  Object.assign(line, { id: "hasil", className: "sr" });
  line.setAttribute("role", "status");
  document.body.append(line);
  counted = counts();
}
