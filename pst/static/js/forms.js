/* Forms and their fields: which are kept, and under which names. */

/* A form whose words are kept in the browser. */
export const KEPT = "form[data-keep]:not([data-keep=no])";
const NOT_KEPT = ["hidden", "file", "password", "submit", "button"];
/* The step before the form of a request calls its fields by the names of an address. */
const FIELD_OF = { subjek: "subject", uraian: "description" };

/* A chat's form stays and is used again; a page's form ends with the page. */
export const isChat = (form) => form.dataset.send === "";
export const isPage = (form) => form.dataset.send === "page";
export const isTick = (field) => field.type === "checkbox" || field.type === "radio";
export const isText = (field) => !isTick(field) && field.tagName !== "SELECT";

/* A password stays one while it is shown. */
const isSecret = (field) => /password|one-time-code/.test(field.autocomplete);
const isKept = (field) => field.name && !NOT_KEPT.includes(field.type) && !isSecret(field);

export const fields = (form) => [...form.elements].filter(isKept);
export const texts = (form) => fields(form).filter(isText);

export const nameOf = (form) => `${form.dataset.owner}:${form.dataset.keep}`;
export const slotOf = (form) => `${nameOf(form)}~${form.tabMark}`;
/* The version on the server that the words were written on from. */
export const baseOf = (form) => form.elements.base ?? form.elements.draft;

export function keptAs(field) {
  const name = FIELD_OF[field.name] ?? field.name;
  if (field.type === "checkbox") return `${name}=${field.value}`;
  const same = field.form.elements[field.name];
  const isOneOfMany = field.type !== "radio" && same instanceof RadioNodeList;
  return isOneOfMany ? `${name}#${[...same].indexOf(field)}` : name;
}

/* Return whether a form's fields show these words. */
export const shows = (form, values) =>
  texts(form).every((field) => field.value.trim() === (values[keptAs(field)] ?? field.value).trim());
