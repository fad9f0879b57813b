/* What waits to be sent: one queue a form, in order, each entry with its key.

   A message waits on the device until it is sent. A page's form waits in its page only, as
   one entry; left behind, it is a draft that a person looks at before sending it. */

import { $, $$ } from "./dom.js";
import { isPage, nameOf } from "./forms.js";
import { namesFrom, store, stored } from "./store.js";
import { WORDS } from "./words.js";

export const slotOfQueue = (form) => `${nameOf(form)}:out~`;

export function queueOf(form) {
  if (isPage(form)) return form.out ?? [];
  const waiting = namesFrom(slotOfQueue(form)).map(stored).filter(Boolean);
  return waiting.sort((a, b) => a.since - b.since);
}

export function enqueue(form, entry) {
  if (!isPage(form)) store(slotOfQueue(form) + entry.key, { ...entry, since: Date.now() });
  else if (JSON.stringify(queueOf(form)[0]?.pairs) !== JSON.stringify(entry.pairs)) form.out = [entry];
}

export function unqueue(form, entry) {
  if (isPage(form)) form.out = queueOf(form).filter((each) => each !== entry);
  else store(slotOfQueue(form) + entry.key, undefined);
}

/* Show what waits in the conversation, the first of it in this state. */
export function showQueue(form, first) {
  if (isPage(form)) return;
  queueOf(form).forEach((entry, place) => {
    showPending(entry, place ? WORDS.isNotSent : first);
  });
}

function newPending(thread, entry) {
  const item = document.createElement("li");
  item.className = "msg mine pending";
  item.dataset.key = entry.key;
  item.innerHTML = '<p class="by"><b></b><span></span></p><div class="text"></div>';
  $("b", item).textContent = WORDS.mine;
  const files = (entry.files ?? []).map((file) => file.name).join(", ");
  $(".text", item).textContent = entry.body || `📎 ${files}`;
  thread.append(item);
  item.scrollIntoView({ block: "nearest" });
  return item;
}

export function showPending(entry, state) {
  const thread = $("#thread");
  if (!thread || $(`li[data-key="${entry.key}"]:not(.pending)`, thread)) return;
  const item = $(`li.pending[data-key="${entry.key}"]`, thread) ?? newPending(thread, entry);
  $(".by span", item).textContent = state;
}

export function removePending(entry) {
  $(`#thread li.pending[data-key="${entry.key}"]`)?.remove();
}

/* Two polls may have been under way with the same mark: the second brings nothing new. */
export function dropArrived() {
  const first = new Map();
  for (const item of $$("#thread > [id]")) {
    const there = first.get(item.id);
    if (!there) first.set(item.id, item);
    // Words that were corrected since stand in the place of those before.
    else if (item.dataset.correction > (there.dataset.correction ?? 0)) there.replaceWith(item);
    else item.remove();
  }
  for (const item of $$("#thread li.pending")) {
    if ($(`#thread li[data-key="${item.dataset.key}"]:not(.pending)`)) item.remove();
  }
}
