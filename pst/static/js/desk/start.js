/* The desk by keyboard. The lists keep working without. */

import { $, $$ } from "../dom.js";
import { prepareCanned } from "./canned.js";
import { watchKeys } from "./keys.js";
import { countMinutes } from "./minutes.js";
import { watchRows } from "./moving.js";
import { prepareProposing } from "./proposing.js";
import { keepOnServer } from "./server_drafts.js";

/* What is written down at the counter: saved from any field of it. */
function saveByKey(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  $("button:not([type=button])", event.currentTarget).click();
}

/* What had been seen when a form is sent: the last entry that stands here. */
function noteSeen(event) {
  const { seen } = event.target.elements;
  const ids = $$("#thread > [id^=message-]").map(({ id }) => Number(id.slice("message-".length)));
  if (seen && ids.length) seen.value = Math.max(...ids);
}

countMinutes();
watchRows();
watchKeys();
$("[data-record]")?.addEventListener("keydown", saveByKey);
document.addEventListener("submit", noteSeen, true);
const composer = $("#composer[data-draft]");
if (composer) {
  prepareCanned(composer);
  prepareProposing(composer);
  keepOnServer(composer);
}
