/* Closed for good, in another tab: nothing can be written, what was typed stays. */

import { $, $$ } from "./dom.js";
import { queueOf } from "./outbox.js";
import { WORDS } from "./words.js";

export function fitComposer() {
  const form = $("#composer");
  const isOver = Boolean($("#state[data-over]"));
  if (!form || !$("#state") || Boolean(form.isOver) === isOver) return;
  form.isOver = isOver;
  if (isOver) {
    const note = document.createElement("p");
    note.id = "ditutup";
    note.className = "notice";
    note.textContent = WORDS.closed;
    form.before(note);
  } else $("#ditutup")?.remove();
  form.hidden = isOver && !form.elements.body.value && !queueOf(form).length;
  form.elements.body.readOnly = isOver;
  for (const control of $$("button,input[type=file]", form)) control.disabled = isOver;
}
