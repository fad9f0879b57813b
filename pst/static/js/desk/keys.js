/* Keys: none while a person types, and none of the browser's own. */

import { $, $$ } from "../dom.js";
import { currentRow, links, move } from "./moving.js";
import { prefer, preference } from "./preferences.js";

const sheet = $("#keys");
/* Whoever speaks to the machine may want no single letters. */
let hasLetters = preference("keys") !== "off";
let isLeaving = false; // what is typed while a page comes is meant for that page

/* The sheet of the keys, also where a browser knows no dialogs. */
function help() {
  if (sheet?.showModal) sheet.showModal();
  else sheet?.setAttribute("open", "");
}

function go(address) {
  isLeaving = true;
  location.assign(address);
}

/* Nothing is done by a single letter: the button gets the focus. */
function focusClaim() {
  const root = currentRow() ?? (links().length ? null : document);
  if (root) $("[data-claim]", root)?.focus();
}

function focusSearch() {
  const field = $("#temukan");
  if (field) field.focus();
  else go("/petugas/pencarian");
}

const ACTIONS = {
  j: () => move(1),
  ArrowDown: () => move(1),
  k: () => move(-1),
  ArrowUp: () => move(-1),
  a: focusClaim,
  r: () => $("#composer textarea")?.focus(),
  "/": focusSearch,
  c: () => go("/petugas/catat"),
  g: () => go("/petugas"),
  "?": help,
};

function act(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || sheet?.open || isLeaving) return;
  if (event.key.length === 1 && !hasLetters) return;
  if (event.target.closest("input,textarea,select,[contenteditable]")) return;
  if (event.key.startsWith("Arrow") && !links().length) return;
  const action = ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

function prepareSwitch(box) {
  box.checked = hasLetters;
  box.addEventListener("change", () => {
    hasLetters = box.checked;
    prefer("keys", hasLetters ? "on" : "off");
  });
}

export function watchKeys() {
  addEventListener("pageshow", () => {
    isLeaving = false;
  });
  document.addEventListener("keydown", act);
  const tools = $("[data-tools]");
  if (tools) tools.hidden = false;
  $("[data-keys]")?.addEventListener("click", help);
  $$("[data-letters]").forEach(prepareSwitch);
  sheet?.addEventListener("submit", (event) => {
    if (sheet.close) return;
    event.preventDefault();
    sheet.removeAttribute("open");
  });
}
