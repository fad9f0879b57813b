/* What the pages do beyond HTML: ask for news in good time, keep what was typed until the
   server has it, and send it at most once. Everything works without these files. */

import "./older_browsers.js";
import { dropConfirmed, restoreAll } from "./adopting.js";
import { knowEntries, sayNews } from "./aloud.js";
import { prepareUploads } from "./choosing_files.js";
import { fitComposer } from "./composer.js";
import { prepareCounts, sayCounts } from "./counts.js";
import { $, $$, page } from "./dom.js";
import { keepOnInput } from "./keeping.js";
import { cutOnlyWhatIsSent } from "./long_beginnings.js";
import { dropArrived, queueOf } from "./outbox.js";
import { poll } from "./polling.js";
import { prepareReveal } from "./reveal.js";
import { flush } from "./sending.js";
import { forget } from "./store.js";
import { askBeforeLeaving, holdChanged, rememberButton, submit } from "./submitting.js";
import { arrive, goOnAfter, heedOtherTab } from "./tabs.js";

/* A refused form is no address to come back to: "back" would ask to send it again. */
function leaveRefusedAddress() {
  if (page.dataset.posted === undefined) return;
  const from = document.referrer.startsWith(`${location.origin}/`) ? document.referrer : "";
  const back = page.dataset.posted || from;
  if (back) history.replaceState(null, "", back);
}

function prepare(root) {
  $$("form[data-keep][method=get]", root).forEach(cutOnlyWhatIsSent);
  restoreAll(root);
  for (const form of $$("form[data-send]", root)) if (queueOf(form).length) flush(form);
  prepareReveal(root);
  $$("form[data-upload]", root).forEach(prepareUploads);
}

function showRefused({ detail: main }) {
  $("#isi").replaceWith(main);
  window.htmx.process(main);
  prepare(main);
  scrollTo(0, 0);
  $("[autofocus]", main)?.focus();
}

function afterSwap() {
  dropArrived();
  sayNews();
  sayCounts();
  fitComposer();
  const status = $("#status");
  if (status?.textContent.trim()) status.hidden = false;
}

/* The link is back. What was on its way without one still fails, and is tried again soon. */
function sendSoon(form) {
  form.failures = 0;
  flush(form);
}

function listen() {
  prepareCounts();
  document.addEventListener("click", rememberButton, true);
  document.addEventListener("submit", submit);
  document.addEventListener("input", holdChanged);
  document.addEventListener("refused", showRefused);
  document.addEventListener("stored", goOnAfter);
  document.addEventListener("htmx:after:swap", afterSwap);
  addEventListener("online", () => $$("form[data-send]").forEach(sendSoon));
}

function start() {
  $$("[data-poll]").forEach(poll);
  for (const element of $$("[data-forget]")) forget(element.dataset.forget);
  arrive();
  for (const element of $$("[data-confirmed]")) dropConfirmed(element.dataset.confirmed);
  prepare(document);
  knowEntries();
  listen();
  for (const element of $$(".unscripted")) element.remove(); // what a page needs without script
}

leaveRefusedAddress();
document.addEventListener("input", keepOnInput);
document.addEventListener("submit", askBeforeLeaving, true);
addEventListener("storage", heedOtherTab);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
