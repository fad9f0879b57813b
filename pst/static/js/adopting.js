/* Which forms are kept, and the list of what waits elsewhere. */

import { $, $$, here, page } from "./dom.js";
import { restore } from "./drafts.js";
import { KEPT, texts } from "./forms.js";
import { showNotice } from "./status.js";
import { namesFrom, store, stored } from "./store.js";
import { about } from "./waiting_drafts.js";
import { WORDS } from "./words.js";

/* Every form of a person who is logged in: what one types is not lost anywhere. */
function adopt(root) {
  if (!page.dataset.owner) return;
  const all = $$("form[method=post]", root);
  const actionOf = (form) => form.getAttribute("action") || here();
  for (const form of all) {
    const action = actionOf(form);
    const isOne = all.filter((each) => actionOf(each) === action).length === 1;
    if (form.dataset.keep || !isOne || !texts(form).length || $("[type=password]", form)) continue;
    form.dataset.keep = action;
    form.dataset.owner = page.dataset.owner;
  }
}

/* Where a person looks for what they asked: what waits to be sent. */
function listDrafts(box) {
  for (const name of namesFrom(`${page.dataset.owner}:`)) {
    const draft = stored(name);
    const [form, mark] = name.split("~");
    if (!draft?.at?.startsWith("/konsultasi/") || !draft.values) continue;
    const goOn = () => {
      store(`tab:at:${form}`, mark);
      location.assign(draft.at);
    };
    showNotice(box, WORDS.waiting(about(draft)), [
      [WORDS.goOn, goOn],
      [WORDS.remove, () => store(name, undefined)],
    ]);
  }
}

export function restoreAll(root) {
  adopt(root);
  $$(KEPT, root).forEach(restore);
  $$("[data-drafts]", root).forEach(listDrafts);
}

/* The server stored a form with this key: what was kept of it goes. */
export function dropConfirmed(key) {
  for (const name of namesFrom("")) {
    const draft = stored(name);
    if (draft?.key === key && !draft.edited) store(name, undefined);
  }
}
