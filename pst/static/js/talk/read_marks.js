/* Read means seen: the end of an entry has stood on the screen long enough, in a window that
   has the focus, and all before it were read. Sent once for several. */

import { entries, idOf } from "../aloud.js";
import { $ } from "../dom.js";
import { showUnread } from "./unread.js";

const TICK_MS = 250;
const LEAST_MS = 1500;
const MOST_MS = 5000;
const PER_CHARACTER_MS = 12;
let timer = 0;
let isPosting = false;

const thread = () => $("#thread[data-read]");
const markOf = (list) => Number(list.dataset.upto);
const isLookedAt = () => !document.hidden && document.hasFocus();

/* What others wrote and this person has not read, in order. */
export function unread() {
  const list = thread();
  if (!list) return [];
  const isNew = (entry) => idOf(entry) > markOf(list) && !entry.matches(".mine");
  return entries()
    .filter(isNew)
    .sort((a, b) => idOf(a) - idOf(b));
}

/* The composer may cover the lower part of the screen. */
function isOnScreen(entry) {
  const { bottom } = entry.getBoundingClientRect();
  const cover = $("#composer")?.getBoundingClientRect().top ?? innerHeight;
  return bottom > 0 && bottom <= Math.min(innerHeight, cover);
}

const need = (entry) => Math.min(MOST_MS, Math.max(LEAST_MS, entry.textContent.length * PER_CHARACTER_MS));
const isRead = (entry) => (entry.seenMs ?? 0) >= need(entry);

/* How far all was read; with nothing left, to the newest entry that stands here. */
function reached() {
  const left = unread();
  const first = left.findIndex((entry) => !isRead(entry));
  if (first < 0) return Math.max(0, ...entries().map(idOf));
  return first ? idOf(left[first - 1]) : 0;
}

function send() {
  const list = thread();
  const token = $("input[name=csrf_token]")?.value;
  const upto = list && unread().length ? reached() : 0;
  if (!list || !token || isPosting || upto <= markOf(list)) return;
  isPosting = true;
  fetch(list.dataset.read, {
    method: "POST",
    body: new URLSearchParams({ csrf_token: token, upto }),
    headers: { "HX-Request": "true" },
    keepalive: true,
  })
    .then((answer) => {
      if (answer.ok) list.dataset.upto = Math.max(upto, markOf(list));
    })
    .catch(() => {
      /* Tried again at the next tick. */
    })
    .finally(() => {
      isPosting = false;
      watchReading();
    });
}

function tick() {
  timer = 0;
  const shown = isLookedAt() ? unread().filter(isOnScreen) : [];
  for (const entry of shown) entry.seenMs = (entry.seenMs ?? 0) + TICK_MS;
  if (shown.every(isRead)) send();
  watchReading();
}

/* Counts only while there is something to be read and someone to read it. */
export function watchReading() {
  const left = unread();
  showUnread(left);
  if (!timer && left.length && isLookedAt()) timer = setTimeout(tick, TICK_MS);
}

export function prepareReading() {
  watchReading();
  for (const name of ["focus", "pageshow"]) addEventListener(name, watchReading);
  addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => (document.hidden ? send() : watchReading()));
}
