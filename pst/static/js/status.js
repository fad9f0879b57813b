/* The line under a form that says how it goes, and the notices above it. */

import { $, here, newButton } from "./dom.js";
import { WORDS } from "./words.js";

export function showStatus(form, text, isBad) {
  const line = $("[data-status]", form);
  if (!line) return;
  line.textContent = text;
  line.classList.toggle("bad", Boolean(isBad));
}

export function addToStatus(form, text, action) {
  $("[data-status]", form)?.append(" ", newButton(text, action));
}

export function askToLogIn(line, text) {
  const link = document.createElement("a");
  link.href = `/masuk?next=${encodeURIComponent(here())}`;
  link.textContent = text;
  line.classList.add("bad");
  line.replaceChildren(WORDS.loggedOut, link);
}

/* Show a notice before an element, with buttons: pairs of a label and what it does. */
export function showNotice(element, text, choices) {
  const box = document.createElement("div");
  box.className = "notice";
  box.setAttribute("role", "status");
  box.innerHTML = '<p></p><p class="row"></p>';
  box.firstChild.textContent = text;
  for (const [label, action] of choices) {
    const chosen = () => {
      box.remove();
      action();
    };
    box.lastChild.append(newButton(label, chosen));
  }
  element.before(box);
}
