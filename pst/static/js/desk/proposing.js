/* Who acts next after an answer: proposed from its words, until its officer chooses. */

import { $, $$ } from "../dom.js";

export function prepareProposing(form) {
  const group = $("[data-interim]", form);
  if (!group) return;
  const area = form.elements.body;
  const choices = $$("input[type=radio]", group);
  const interim = new RegExp(group.dataset.interim, "i");
  const longest = Number(group.dataset.longest);
  let isChosen = choices.some((choice) => choice.value && choice.checked);

  function proposed() {
    const words = area.value.trim().replace(/\s+/g, " ");
    if (!words) return "";
    if (words.length <= longest && interim.test(words)) return "saya";
    return words.endsWith("?") ? "pengguna" : "selesai";
  }
  function propose() {
    if (!area.value.trim()) isChosen = false;
    if (isChosen) return;
    const value = proposed();
    for (const choice of choices) choice.checked = choice.value === value;
  }

  group.addEventListener("change", ({ target }) => {
    if (target.type === "radio") isChosen = true;
  });
  area.addEventListener("input", propose);
  /* What was said of the words that went is not said of the next ones. */
  form.addEventListener("emptied", () => {
    for (const box of $$("input[type=checkbox]", group)) box.checked = false;
  });
  /* Sent: the next words are proposed for again. */
  document.body.addEventListener("said", propose);
  propose();
}
