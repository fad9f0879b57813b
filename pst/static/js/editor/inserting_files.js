/* Pictures and files put into the text where the cursor is: dropped, pasted or chosen. */

import { $, $$ } from "../dom.js";
import { EDITOR_WORDS } from "./editor_words.js";
import { newFileRow } from "./file_rows.js";
import { insertionPoint } from "./insertion_point.js";
import { replacePart } from "./page_parts.js";
import { saveDraft } from "./saving.js";
import { sendFile } from "./sending_files.js";

const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

/* A new article has no place for files before it is a draft. */
async function bring(form, file, row) {
  if (form.dataset.attach || (await saveDraft(form))) return sendFile(form, file, row);
  row.refuse(EDITOR_WORDS.saveFirst);
  return undefined;
}

/* The list of the article's files, as the server has it now. */
async function showFiles(form) {
  const answer = await fetch(form.action, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  replacePart("aside", new DOMParser().parseFromString(await answer.text(), "text/html"));
}

async function insertFiles(form, area, files) {
  const point = insertionPoint(area);
  const line = $("[data-saved]", form);
  const rows = files.map((file) => newFileRow($("[data-rows]", form), file.name, () => {}));
  let count = 0;
  for (const [place, file] of files.entries()) {
    const row = rows[place];
    const markdown = row.isGone ? undefined : await bring(form, file, row);
    if (row.why) line.textContent = `${file.name}: ${row.why}`;
    if (!markdown) continue;
    point.insert((count ? "\n" : "") + markdown);
    count += 1;
    row.remove();
    line.textContent = EDITOR_WORDS.insertedFile(file.name);
  }
  point.end();
  if (count) showFiles(form).catch(() => {});
}

/* A file that falls next to the text goes into it too: the browser would leave the page. */
function takeDropped(area, insert) {
  const mark = (isOver) => (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    area.classList.toggle("drop", isOver);
  };
  document.addEventListener("dragover", mark(true));
  document.addEventListener("dragleave", mark(false));
  document.addEventListener("drop", (event) => {
    if (event.target.closest?.("input[type=file]")) return;
    mark(false)(event);
    if (hasFiles(event)) insert([...event.dataTransfer.files]);
  });
}

export function prepareFiles(form, area) {
  const insert = (files) => insertFiles(form, area, files);
  const chosen = $("[data-chosen]", form);
  takeDropped(area, insert);
  area.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    /* A spreadsheet brings a picture of its cells along with their text. */
    if (!files.length || types.includes("text/plain")) return;
    event.preventDefault();
    insert([...files]);
  });
  for (const button of $$("[data-choose]", form)) button.addEventListener("click", () => chosen.click());
  chosen.addEventListener("change", () => {
    const files = [...chosen.files];
    chosen.value = "";
    insert(files);
  });
}
