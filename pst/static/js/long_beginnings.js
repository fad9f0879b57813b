/* The first step of a request sends its words in an address, which holds only so much:
   what is sent is cut there, and the next step goes on with what the browser kept. Where
   nothing is kept, a long text is asked for in the next step alone. */

import { $$, newKey } from "./dom.js";
import { texts } from "./forms.js";
import { store } from "./store.js";

function isKeeping() {
  const name = `tab:${newKey()}`;
  const isKept = store(name, 1);
  store(name, undefined);
  return isKept;
}

/* Never half of a character that takes two places. */
const beginning = (text, length) => text.slice(0, length).replace(/[\ud800-\udbff]$/, "");

export function cutOnlyWhatIsSent(form) {
  const cut = texts(form).filter((field) => field.maxLength > 0);
  if (!isKeeping()) return;
  for (const part of $$("[data-kept-only]", form)) part.hidden = false;
  for (const field of cut) {
    const length = field.maxLength;
    field.removeAttribute("maxlength");
    form.addEventListener("formdata", ({ formData }) => {
      formData.set(field.name, beginning(field.value, length));
    });
  }
}
