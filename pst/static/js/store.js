/* What the browser keeps of what a person typed, until the server has it.

   Every name begins with whose it is: "17:…" are the drafts of person 17, "tautan:…" of
   the holder of a mailed link, "tab:…" of a stranger, for this tab alone. After "~" stands
   the tab's own mark, so that no tab writes over what another keeps.

   <html data-keep="no"> (a shared computer) keeps nothing: words live in the page only. */

import { page } from "./dom.js";

export const START = "pst:";
const SHELVES = ["localStorage", "sessionStorage"];
const memory = {};

export const isKeepingOff = () => page.dataset.keep === "no";
const shelfOf = (name) => (name.startsWith("tab:") ? sessionStorage : localStorage);

function namesOn(storage) {
  const names = Object.keys(storage).filter((name) => name.startsWith(START));
  return names.map((name) => name.slice(START.length));
}

export function stored(name) {
  if (name in memory || isKeepingOff()) return memory[name];
  try {
    return JSON.parse(shelfOf(name).getItem(START + name)) ?? undefined;
  } catch {
    return undefined;
  }
}

/* Keep `value`, or nothing; return whether it outlives this page. */
export function store(name, value) {
  delete memory[name];
  try {
    if (value === undefined) shelfOf(name).removeItem(START + name);
    else if (isKeepingOff()) throw new Error(name);
    else shelfOf(name).setItem(START + name, JSON.stringify(value));
    return true;
  } catch {
    if (value !== undefined) memory[name] = value;
    return false;
  }
}

/* Return whether what lies under this name ends with the page. */
export const isLost = (name) => name in memory;

export function namesFrom(start) {
  const all = new Set(Object.keys(memory));
  for (const shelf of SHELVES) {
    try {
      if (!isKeepingOff()) for (const name of namesOn(window[shelf])) all.add(name);
    } catch {
      /* Forbidden: nothing is there. */
    }
  }
  return [...all].filter((name) => name.startsWith(start));
}

/* Remove all of one person. */
export function forget(person) {
  const start = `${person}:`;
  store(`${start}!`, 1); // other tabs of that person keep nothing from now on
  for (const name of Object.keys(memory)) if (name.startsWith(start)) delete memory[name];
  for (const shelf of SHELVES) {
    try {
      const storage = window[shelf];
      for (const name of namesOn(storage)) {
        if (name.startsWith(start)) storage.removeItem(START + name);
      }
    } catch {
      /* Forbidden: nothing is there. */
    }
  }
}
