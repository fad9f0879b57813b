/* The number of consultations that wait, in the head and the title; what is new is heard or
   shown, when the officer wishes so. The page's own poll brings the number. */

import { preference, prefer } from "../desk/preferences.js";
import { $, $$, page } from "../dom.js";
import { OFFICER_WORDS } from "./officer_words.js";
import { ring } from "./ringing.js";

/* Several tabs learn of the same; one of them says so. */
const SAID_BY_ANOTHER_MS = 5000;
const WISHES = ["sound", "notices"];
const COUNTED = /^\s*(\(\d+\) )?/;

const badge = () => $("#waiting [data-waiting]");
let before = Number(badge()?.dataset.waiting ?? 0);

const isWished = (name) => preference(name) === "on" && (name !== "notices" || mayNotify());
const mayNotify = () => "Notification" in window && Notification.permission === "granted";

/* For people who want to hear of news, a hidden tab asks for them too, slowly. */
function showWish() {
  if (WISHES.some(isWished)) page.dataset.watches = "hidden";
  else delete page.dataset.watches;
}

function notify(count) {
  const notice = new Notification(OFFICER_WORDS.waiting(count), { tag: "pst" });
  notice.onclick = () => {
    window.focus();
    location.assign("/petugas");
  };
}

function announce(count) {
  const last = Number(preference("said-at") ?? 0);
  if (Date.now() - last < SAID_BY_ANOTHER_MS) return;
  prefer("said-at", String(Date.now()));
  if (isWished("sound")) ring();
  if (isWished("notices") && !document.hasFocus()) notify(count);
}

function show(count) {
  const mark = badge();
  if (!mark || Number.isNaN(count)) return;
  mark.dataset.waiting = String(count);
  mark.hidden = !count;
  $("b", mark).textContent = String(count);
  document.title = document.title.replace(COUNTED, count ? `(${count}) ` : "");
  if (count > before) announce(count);
  before = count;
}

export function watchCount() {
  document.addEventListener("htmx:after:request", (event) => {
    const header = event.detail.ctx.response?.headers?.get("Pst-Waiting");
    if (header) show(Number(header));
  });
  document.addEventListener("htmx:after:swap", () => {
    const count = $("[data-count]") ?? badge();
    if (count) show(Number(count.dataset.count ?? count.dataset.waiting));
  });
}

async function change({ target: box }) {
  const isNotice = box.dataset.wish === "notices";
  if (box.checked && isNotice) box.checked = (await Notification.requestPermission()) === "granted";
  if (isNotice) $("[data-refused]").hidden = mayNotify() || Notification.permission === "default";
  prefer(box.dataset.wish, box.checked ? "on" : "off");
  if (box.checked && !isNotice) ring();
  showWish();
}

export function prepareAlerts() {
  const menu = $("[data-alerts]");
  if (!menu) return;
  menu.hidden = false;
  for (const box of $$("[data-wish]", menu)) {
    if (box.dataset.wish === "notices" && !("Notification" in window)) {
      box.closest("label").hidden = true;
      continue;
    }
    box.checked = isWished(box.dataset.wish);
    box.addEventListener("change", change);
  }
  showWish();
}
