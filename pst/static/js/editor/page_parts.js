/* Parts of the page around the text, brought up to date from the server's page after a save. */

import { $, $$ } from "../dom.js";

/* What a person chose or typed in a part goes on in what replaces it. */
function carryOver(old, part) {
  for (const field of $$("input[name], textarea[name], select[name]", old)) {
    if (field.type === "hidden") continue;
    const same = $$(`[name="${field.name}"]`, part);
    const next = same.length > 1 ? same.find(({ value }) => value === field.value) : same[0];
    if (!next) continue;
    if (field.type === "file") next.replaceWith(field);
    else if (field.type === "checkbox") next.checked = field.checked;
    else next.value = field.value;
  }
  const folded = $$("details", part);
  $$("details", old).forEach((each, place) => {
    if (folded[place]) folded[place].open = each.open;
  });
}

export function replacePart(name, fresh) {
  const old = $(`[data-part="${name}"]`);
  const part = $(`[data-part="${name}"]`, fresh)?.cloneNode(true);
  if (!old || !part || old.contains(document.activeElement)) return;
  carryOver(old, part);
  old.replaceWith(part);
}

/* Which fields are wrong, as the server's page says it to screen readers too. */
export function markFields(fields, fresh) {
  const newer = $("[data-article]", fresh).elements;
  const marks = ({ attributes }) => [...attributes].filter(({ name }) => name.startsWith("aria-"));
  for (const field of fields) {
    for (const { name } of marks(field)) field.removeAttribute(name);
    for (const { name, value } of marks(newer[field.name])) field.setAttribute(name, value);
  }
}

/* Why the server would not take it, in its own words. */
export const reasonsIn = (fresh) =>
  $$('[data-part="refusal"] [data-reason], [data-part="refusal"] .bad li', fresh)
    .map((element) => element.textContent.trim().replace(/\s+/g, " "))
    .join(" ");
