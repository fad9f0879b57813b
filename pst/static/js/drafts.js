/* Put what waits back into its form, or offer it. */

import { $, here, newKey } from "./dom.js";
import { baseOf, fields, isChat, isText, keptAs, nameOf, shows, slotOf } from "./forms.js";
import { keep } from "./keeping.js";
import { showNotice, showStatus } from "./status.js";
import { store } from "./store.js";
import { listFile } from "./upload_rows.js";
import { about, draftsOf, fits, isStored } from "./waiting_drafts.js";
import { WORDS } from "./words.js";

export function restore(form) {
  const all = draftsOf(nameOf(form));
  const old = [];
  if ($("[aria-invalid=true]", form)) {
    // Refused: what was typed stands here.
    if (all[0]?.own) goOn(form, all[0]);
    return;
  }
  let mine;
  for (const draft of all) {
    const isThere = draft.key && !draft.edited && $(`#thread [data-key="${draft.key}"]`);
    if (isThere || (draft.own && isStored(form, draft))) store(draft.name, undefined);
    else if (!mine && draft.own && isChat(form) && !fits(form, draft)) {
      // The server has what another tab wrote.
      old.push({
        name: `${nameOf(form)}~`,
        values: { body: form.elements.body.value },
        base: baseOf(form)?.value,
      });
      form.elements.body.value = "";
      take(form, draft);
      mine = draft;
    } else if (!mine && fits(form, draft)) {
      take(form, draft);
      mine = draft;
    } else if (!shows(form, draft.values)) old.push(draft);
  }
  for (const draft of old.slice(0, 3)) offer(form, draft);
}

/* Go on with a draft: this tab's own, or a copy of what another has. */
function goOn(form, draft) {
  form.kept = draft;
  if (draft.own) form.tabMark = draft.name.split("~")[1];
  /* Pressed, and it is unknown whether it arrived: the same words with the same key are
     stored once. What was not pressed has the page's own key. */
  if (draft.key && form.elements.key) form.elements.key.value = draft.key;
  if (draft.base !== undefined && baseOf(form)) baseOf(form).value = draft.base;
  form.isPressed = Boolean(draft.key);
  form.edited = draft.edited;
}

function take(form, draft) {
  const isChanged = putBack(form, draft, draft.at === here());
  goOn(form, draft);
  if (draft.own) keep(form);
  if (!isChanged) return;
  const part = form.closest("details");
  if (part) part.open = true;
  const text = form.dataset.send === undefined ? WORDS.restoredUnsaved : WORDS.restored;
  if (isChat(form)) showStatus(form, text);
  else showNotice(form, text, [[WORDS.discard, () => discard(form)]]);
}

/* What its words answer; a page that was opened to answer another message goes before. */
function quoteAgain(form, quoted) {
  const field = form.elements.quoted;
  if (!quoted || !field || field.value) return;
  field.value = quoted;
  form.dispatchEvent(new CustomEvent("put-back", { detail: new URLSearchParams({ quoted }), bubbles: true }));
}

/* Put a draft into its form; return whether that changed anything. */
function putBack(form, draft, wins) {
  let isChanged = false;
  for (const field of fields(form)) {
    const value = draft.values[keptAs(field)];
    if (value === undefined) continue;
    if (field.type === "checkbox") {
      if (wins) field.checked = value;
    } else if (field.type === "radio") {
      if (wins || !form.elements[field.name].value) field.checked = field.value === value;
    } else if (!field.value || wins || isText(field)) {
      isChanged ||= field.value !== value;
      field.value = value;
    }
  }
  for (const file of draft.files ?? []) {
    listFile(form, file);
    isChanged = true;
  }
  quoteAgain(form, draft.quoted);
  return isChanged;
}

function offer(form, draft) {
  const goOnOld = () => {
    keep(form);
    form.tabMark = undefined;
    putBack(form, draft, true);
    goOn(form, { ...draft, own: false });
    keep(form);
    store(draft.name, undefined);
    showNotice(form, WORDS.restoredOld, [[WORDS.discard, () => discard(form)]]);
  };
  showNotice(form, WORDS.oldDraft(about(draft)), [
    [WORDS.goOnOld, goOnOld],
    [WORDS.discardOld, () => store(draft.name, undefined)],
  ]);
}

export function empty(form) {
  form.reset();
  if (isChat(form)) {
    form.elements.body.value = "";
    $(".uploads", form)?.replaceChildren();
  }
  if (form.elements.key) form.elements.key.value = newKey();
  form.kept = form.isPressed = form.edited = undefined;
  form.dispatchEvent(new Event("emptied", { bubbles: true }));
}

function discard(form) {
  if (form.kept) store(form.kept.name, undefined);
  if (form.tabMark) store(slotOf(form), undefined);
  empty(form);
  showStatus(form, WORDS.discarded);
}
