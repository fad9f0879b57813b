/* Sent words: nothing is kept of them, and other tabs that show the same learn of it. */

import { $$, newKey, page } from "./dom.js";
import { empty } from "./drafts.js";
import { isChat, KEPT, keptAs, nameOf, shows, slotOf, texts } from "./forms.js";
import { keep, press } from "./keeping.js";
import { showNotice, showStatus } from "./status.js";
import { isKeepingOff, START, store, stored } from "./store.js";
import { WORDS } from "./words.js";

/* Where a form leaves its words for the page that comes after it. */
const GONE = "tab:gone";

/* Other tabs see `sent` pass by; nothing stays. */
function passBy(name, values) {
  store(name, { sent: values });
  store(name, undefined);
}

/* What was gone on with goes too, unless another tab has changed it since. */
function passOn({ name, kept, values }) {
  if (kept && stored(kept.name)?.since === kept.since) passBy(kept.name, values);
  passBy(name, values);
}

function wordsOf(form) {
  const values = {};
  for (const field of texts(form)) values[keptAs(field)] = field.value;
  return { name: slotOf(form), kept: form.kept, values };
}

/* The server has what stands in the form. */
export function settle(form) {
  passOn(wordsOf(form));
  form.tabMark = form.kept = form.isPressed = form.edited = undefined;
  store(`tab:at:${nameOf(form)}`, undefined);
}

/* Stored while its page stays open; what was typed since is kept, under the form's new address. */
export function goOnAfter({ target: form }) {
  if (!form.matches(KEPT)) return;
  settle(form);
  form.dataset.keep = form.getAttribute("action");
  keep(form);
}

/* A form that the browser sends by itself: the page that follows shows how it went. */
export function leave(form) {
  press(form);
  if (form.tabMark) store(GONE, wordsOf(form));
}

export function arrive() {
  const gone = stored(GONE);
  const how = performance.getEntriesByType("navigation")[0];
  store(GONE, undefined);
  if (gone && page.dataset.posted === undefined && how?.redirectCount) passOn(gone);
}

function heed(form, newValue, isOwn) {
  const { sent } = newValue ? JSON.parse(newValue) : {};
  if (!sent && isOwn) {
    if (newValue) form.tabMark = newKey(); // a copy of this tab writes there
    keep(form); // what stands here is not lost
  }
  if (!sent || !texts(form).some((field) => field.value) || !shows(form, sent)) return;
  empty(form);
  keep(form);
  if (isChat(form)) showStatus(form, WORDS.sentElsewhere);
  else showNotice(form, WORDS.sentElsewhere, []);
}

/* What another tab of this browser kept, sent or removed. */
export function heedOtherTab({ key, newValue }) {
  if (newValue && key === `${START + page.dataset.owner}:!`) page.dataset.keep = "no";
  for (const form of $$(KEPT)) {
    if (!key?.startsWith(`${START + nameOf(form)}~`) || isKeepingOff()) continue;
    heed(form, newValue, Boolean(form.tabMark) && key === START + slotOf(form));
  }
}
