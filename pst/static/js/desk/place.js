/* The place in the list that an officer left for a conversation, to come back to it. */

import { $ } from "../dom.js";

const KEPT_AT = "pst:desk:place";
const LIST = "/petugas";

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT_AT)) ?? {};
  } catch {
    return {};
  }
}

/* The list as it was filtered. */
export const listAddress = () => read().list ?? LIST;

export function keepPlace(row, at) {
  if (!$("#worklist")) return;
  const place = { list: location.pathname + location.search, row: row.id, at };
  try {
    sessionStorage.setItem(KEPT_AT, JSON.stringify(place));
  } catch {
    /* Then the list begins at its top. */
  }
}

/* Where to go on: the same row, or what stands in its place now. */
export function keptPlace(links) {
  const { list, row, at } = read();
  const how = performance.getEntriesByType("navigation")[0]?.type;
  const isBack = how === "back_forward" || document.referrer.startsWith(`${location.origin}${LIST}/`);
  if (!isBack || list !== location.pathname + location.search) return undefined;
  const link = links.find((each) => each.closest("li").id === row);
  return link ?? links[Math.min(at, links.length - 1)];
}
