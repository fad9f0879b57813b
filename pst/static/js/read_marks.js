/* Read marks: sent once for what is new, when it is really on the screen. */

import { entries, idOf } from "./aloud.js";
import { $, $$ } from "./dom.js";

let marked = 0;

export function markRead() {
  const thread = $("#thread[data-read]");
  const token = $("input[name=csrf_token]")?.value;
  const newest = Math.max(0, ...entries().map(idOf));
  if (!thread || document.hidden || !token) return;
  if (newest <= marked || thread.dataset.unread !== "true") return;
  const before = marked;
  marked = newest;
  const failed = () => {
    marked = before;
  };
  fetch(thread.dataset.read, {
    method: "POST",
    body: new URLSearchParams({ csrf_token: token, sampai: newest }),
    headers: { "HX-Request": "true" },
  }).then((answer) => {
    if (answer.ok) thread.dataset.unread = "false";
    else failed();
  }, failed);
}

export function noteUnread(thread) {
  if ($$(".msg:not(.mine)", thread).some((entry) => idOf(entry) > marked)) thread.dataset.unread = "true";
}
