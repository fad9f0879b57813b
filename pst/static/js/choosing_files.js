/* How files get into a form: chosen, photographed, dropped on it, or from the clipboard. */

import { $$ } from "./dom.js";
import { upload } from "./uploads.js";
import { WORDS } from "./words.js";

const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

/* A picture alone: what a spreadsheet puts there is its text, and a picture of it. */
function pasted({ clipboardData }) {
  if ([...(clipboardData?.types ?? [])].includes("text/plain")) return [];
  return [...(clipboardData?.files ?? [])].map((file) => {
    const ending = file.name.split(".").pop();
    return file.name.startsWith("image.")
      ? new File([file], WORDS.pasted(ending), { type: file.type })
      : file;
  });
}

export function prepareUploads(form) {
  const inputs = $$("input[type=file]", form);
  if (!inputs.length) return;
  form.classList.add("live");
  const uploadAll = (files) => {
    for (const file of files) upload(form, file);
  };
  const mark = (isOver) => (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    form.classList.toggle("drop", isOver);
  };
  for (const input of inputs) {
    input.addEventListener("change", () => {
      uploadAll([...input.files]);
      input.value = "";
    });
  }
  form.addEventListener("dragover", mark(true));
  form.addEventListener("dragleave", mark(false));
  form.addEventListener("drop", (event) => {
    mark(false)(event);
    uploadAll(event.dataTransfer.files);
  });
  form.addEventListener("paste", (event) => {
    const files = pasted(event);
    if (!files.length) return;
    event.preventDefault();
    uploadAll(files);
  });
}
