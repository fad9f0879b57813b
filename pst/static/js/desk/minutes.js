/* Once a minute, for parts of the page that are looked at again: not in a hidden tab, and at
   once on the return to it. */

import { fire } from "../dom.js";

const MINUTE_MS = 60000;

export function countMinutes() {
  let last = Date.now();
  const pass = () => {
    if (document.hidden || Date.now() - last < MINUTE_MS) return;
    last = Date.now();
    fire("minute");
  };
  setInterval(pass, MINUTE_MS);
  document.addEventListener("visibilitychange", pass);
}
