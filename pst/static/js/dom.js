/* Short names for what every script asks of the page. */

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const page = document.documentElement;
export const here = () => location.pathname + location.search;
export const oneLine = (text) => text.trim().replace(/\s+/g, " ");

export function fire(name) {
  document.body.dispatchEvent(new Event(name, { bubbles: true }));
}

export function newButton(text, action) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn quiet small";
  button.textContent = text;
  button.addEventListener("click", action);
  return button;
}

export function newKey() {
  const numbers = [...crypto.getRandomValues(new Uint8Array(15))];
  return numbers
    .map((number) => number.toString(36).padStart(2, "0"))
    .join("")
    .slice(0, 30);
}

/* Put a text in place of a part of what a field holds, as if it were typed. */
export function putText(area, text, start, end) {
  area.focus();
  area.setRangeText(text, start, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/* Add a text at the end of a field, as a paragraph of its own. */
export function addText(area, text) {
  const between = area.value && !area.value.endsWith("\n") ? "\n\n" : "";
  putText(area, between + text, area.value.length, area.value.length);
}
