/* A conversation opens where its reader stopped; what was refused is seen first. */

import { $ } from "../dom.js";

export function openAtUnread() {
  const mark = $("#baru");
  const how = performance.getEntriesByType("navigation")[0]?.type;
  if (!mark || how === "back_forward" || $("main [role=alert]")) return;
  if (location.hash && location.hash !== "#baru") return;
  const isAtEnd = Boolean(mark.closest("#akhir"));
  if (isAtEnd) ($("#composer") ?? mark).scrollIntoView({ block: "end" });
  else if (mark.closest("#thread")) mark.scrollIntoView({ block: "start" });
}
