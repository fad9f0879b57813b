/* Keys: none while a person types, and none of the browser's own. A letter goes somewhere or
   puts the focus there; what cannot be undone is pressed with Enter. */

import { $, $$ } from "../dom.js";
import { currentRow, links, move, moveToSection } from "./moving.js";
import { listAddress } from "./place.js";
import { prefer, preference } from "./preferences.js";

const FIELDS = "textarea, select, input:not([type=hidden])";
const sheet = $("#keys");
/* People who speak to the machine may want no single letters. */
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

function focusSearch() {
  const field = $("#temukan");
  if (field) field.focus();
  else go("/petugas/pencarian");
}

/* In a list the button of the chosen row; in a conversation its own. */
function claimButton() {
  const root = currentRow() ?? (links().length ? null : document);
  return root && $("[data-claim]", root);
}

function reach(part) {
  if (part.hasAttribute("data-go")) return go(part.href);
  if (part.tagName !== "DETAILS") part.focus();
  else {
    part.open = true;
    ($(FIELDS, part) ?? $("button", part) ?? $("summary", part)).focus();
  }
  document.activeElement.scrollIntoView({ block: "nearest" });
}

/* Of several the last one: the newest message is marked. */
const partOf = (letter) => $$(`[data-letter="${letter}"]`).pop();

const ACTIONS = {
  j: () => move(1),
  ArrowDown: () => move(1),
  k: () => move(-1),
  ArrowUp: () => move(-1),
  r: () => $("#composer textarea")?.focus(),
  u: () => $("#baru")?.scrollIntoView({ block: "center" }),
  "/": focusSearch,
  c: () => go("/petugas/catat"),
  g: () => go(listAddress()),
  "?": help,
};

function actionOf(key) {
  if (key.startsWith("Arrow") || ["j", "k"].includes(key)) {
    if (links().length) return ACTIONS[key];
    if (key !== "k") return undefined;
  } else if (ACTIONS[key]) return ACTIONS[key];
  if (key >= "1" && key <= "9") return links().length ? () => moveToSection(key) : undefined;
  if (!/^[a-z]$/.test(key)) return undefined;
  const part = (key === "a" && claimButton()) || partOf(key);
  return part ? () => reach(part) : undefined;
}

function act(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || sheet?.open || isLeaving) return;
  if (event.key.length === 1 && !hasLetters) return;
  if (event.target.closest("input:not([type=checkbox]),textarea,select,[contenteditable]")) return;
  const action = actionOf(event.key);
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
