/* Keep what a form holds, at every key stroke. */

import { $$, here, newKey } from "./dom.js";
import { baseOf, fields, isChat, isText, isTick, KEPT, keptAs, nameOf, slotOf, texts } from "./forms.js";
import { showStatus } from "./status.js";
import { isLost, store, stored } from "./store.js";
import { WORDS } from "./words.js";

function valuesOf(form, old) {
  const values = { ...old?.values };
  const was = { ...old?.was };
  for (const field of fields(form)) {
    const name = keptAs(field);
    if (field.type === "checkbox") values[name] = field.checked;
    else if (field.type === "radio") {
      if (field.checked) values[name] = field.value;
    } else values[name] = field.value;
    if (isText(field)) was[name] = field.defaultValue;
  }
  const kind = new URLSearchParams(location.search).get("jenis");
  if (kind && form.dataset.keep === "baru") values.jenis = kind;
  return { values, was };
}

const isChanged = (field) =>
  isTick(field)
    ? field.checked !== field.defaultChecked
    : isText(field) && field.value !== field.defaultValue;

function isWorthKeeping(form, old, files) {
  if (files.length) return true;
  if (texts(form).some((field) => field.value && (old || field.value !== field.defaultValue))) return true;
  return !isChat(form) && fields(form).some(isChanged);
}

export function keep(form) {
  const old = (form.tabMark && stored(slotOf(form))) || form.kept;
  const files = $$(".uploads li", form)
    .map((item) => item.file)
    .filter(Boolean);
  const isWorth = isWorthKeeping(form, old, files);
  if (!isWorth && !form.tabMark) return;
  form.tabMark ??= newKey();
  const draft = isWorth
    ? {
        at: here(),
        since: Date.now(),
        key: form.isPressed && form.elements.key?.value,
        edited: form.edited,
        ...valuesOf(form, old),
        files,
        base: baseOf(form)?.value,
        quoted: form.elements.quoted?.value,
      }
    : undefined;
  store(slotOf(form), draft);
  store(`tab:at:${nameOf(form)}`, isWorth ? form.tabMark : undefined);
  if (isLost(slotOf(form)) && !form.isWarned) {
    form.isWarned = true;
    showStatus(form, WORDS.notKept);
  }
}

export function press(form) {
  form.isPressed = true;
  form.edited = undefined;
  keep(form);
}

export function keepOnInput({ target: { form } }) {
  if (!form?.matches(KEPT)) return;
  if (form.isPressed) form.edited = true;
  keep(form);
}
