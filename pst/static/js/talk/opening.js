/* A conversation opens where its reader stopped; what was said to them is seen first. */

import { $ } from "../dom.js";

export function openAtUnread() {
  const mark = $("#baru");
  const how = performance.getEntriesByType("navigation")[0]?.type;
  if (!mark || how === "back_forward" || $("main > .notice, main [role=alert]")) return;
  if (location.hash && location.hash !== "#baru") return;
  // Loaded again, it would stay where it was; who comes back with "back" does.
  history.scrollRestoration = "manual";
  addEventListener("pagehide", () => {
    history.scrollRestoration = "auto";
  });
  if (mark.closest("#akhir")) mark.parentElement.scrollIntoView({ block: "end" });
  else if (mark.closest("#thread")) mark.scrollIntoView({ block: "start" });
}
