/* A button that shows the password one types; hidden again before it is sent. */

import { $$, newButton } from "./dom.js";
import { WORDS } from "./words.js";

function prepareField(input) {
  if (input.dataset.secret !== undefined) return;
  input.dataset.secret = "";
  const turn = (isShown) => {
    input.type = isShown ? "text" : "password";
    button.textContent = isShown ? WORDS.hide : WORDS.show;
    button.setAttribute("aria-pressed", String(isShown));
  };
  const button = newButton(WORDS.show, () => turn(input.type === "password"));
  button.classList.add("reveal");
  if (input.id) button.setAttribute("aria-controls", input.id);
  turn(false);
  input.after(button);
  input.form?.addEventListener("submit", () => turn(false));
}

export function prepareReveal(root) {
  $$("input[type=password]", root).forEach(prepareField);
}
