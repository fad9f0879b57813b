/* How files get into a form: chosen, or dropped on it. */

import { $ } from "./dom.js";
import { upload } from "./uploads.js";

const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

export function prepareUploads(form) {
  const input = $("input[type=file]", form);
  if (!input) return;
  const uploadAll = (files) => {
    for (const file of files) upload(form, file);
  };
  const mark = (isOver) => (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    form.classList.toggle("drop", isOver);
  };
  input.addEventListener("change", () => {
    uploadAll([...input.files]);
    input.value = "";
  });
  form.addEventListener("dragover", mark(true));
  form.addEventListener("dragleave", mark(false));
  form.addEventListener("drop", (event) => {
    mark(false)(event);
    uploadAll(event.dataTransfer.files);
  });
}
