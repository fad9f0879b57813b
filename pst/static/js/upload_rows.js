/* The list of a form's attachments: a row each, with how it goes. */

import { sayAloud } from "./aloud.js";
import { $, $$, newButton } from "./dom.js";
import { keep } from "./keeping.js";
import { WORDS } from "./words.js";

/* The server keeps a file without a message for two days. */
const LASTS_MS = 47 * 3600e3;

export function newRow(form, file) {
  const item = document.createElement("li");
  item.file = file;
  item.innerHTML = "<span></span><span></span>";
  const [name, note] = $$("span", item);
  name.textContent = file.name;
  const cancel = () => {
    item.stop?.();
    item.remove();
    keep(form);
  };
  item.append(newButton(WORDS.cancel, cancel));
  item.note = note;
  $(".uploads", form).append(item);
  return item;
}

export function finish(item, state, text) {
  item.dataset.state = state;
  item.classList.toggle("late", state === "refused");
  item.note.textContent = text;
  $("progress", item)?.remove();
  sayAloud(`${item.file.name}: ${text}`);
  if (state !== "done") return;
  const hidden = document.createElement("input");
  Object.assign(hidden, { type: "hidden", name: "attachment", value: item.file.id });
  item.append(hidden);
}

/* A file of a draft, or of a message that was refused: the server has it, or says so. */
export function listFile(form, file) {
  if (!$(".uploads", form)) return;
  const isThere = file.id && Date.now() - file.since < LASTS_MS;
  const item = newRow(form, file);
  if (isThere) finish(item, "done", WORDS.uploaded);
  else finish(item, "refused", file.why || WORDS.chooseAgain);
}

export function addBar(item) {
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", WORDS.uploadedLabel);
  item.note.before(bar);
  return bar;
}
