/* Drafts that wait in the browser, and whether one belongs into a form. */

import { page } from "./dom.js";
import { keptAs, texts } from "./forms.js";
import { namesFrom, stored } from "./store.js";

/* An address may have given only the beginning of a long text. */
const LONG = 180;

/* The drafts under a name: this tab's own first, then the newest. */
export function draftsOf(name) {
  const own = `${name}~${stored(`tab:at:${name}`)}`;
  return namesFrom(name)
    .filter((each) => each === name || each.startsWith(`${name}~`))
    .map((each) => ({ ...stored(each), name: each, own: each === own }))
    .filter((draft) => draft.values)
    .sort((a, b) => b.own - a.own || (b.since ?? 0) - (a.since ?? 0));
}

const agrees = (given, text) => text === given || (given.length > LONG && text.startsWith(given));

/* About something else, or begun on what is no longer so: not to be mixed with this. */
export const fits = (form, draft) =>
  texts(form).every((field) => {
    const text = draft.values[keptAs(field)] ?? field.value;
    return (
      !field.value || field.value === draft.was?.[keptAs(field)] || agrees(field.value.trim(), text.trim())
    );
  });

/* What the server shows as stored needs no keeping. */
export const isStored = (form, { values, was, files, key }) =>
  !key &&
  !files?.length &&
  form.dataset.send !== "page" &&
  form.dataset.keep !== "baru" &&
  page.dataset.posted === undefined &&
  texts(form).every((field) => field.defaultValue.trim() === values[keptAs(field)]?.trim()) &&
  Object.keys(was ?? {}).length === texts(form).length;

/* What a draft is about, in its own first words. */
export const about = ({ values }) =>
  (values.subject || Object.values(values).find((value) => value && value !== true) || "").slice(0, 80);
