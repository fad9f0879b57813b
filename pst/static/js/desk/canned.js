/* Canned answers in the composer: chosen from the list, or offered after "/". */

import { sayCounts } from "../counts.js";
import { $, $$, addText, putText } from "../dom.js";

const MAX_OFFERED = 8;
const SLASH = /(?:^|\s)\/([^\s/]*)$/;
let answers;

const answerOf = (button) => ({
  id: button.dataset.canned,
  title: button.textContent.trim(),
  text: button.dataset.text,
});

async function fetchAnswers(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const list = new DOMParser().parseFromString(await answer.text(), "text/html");
  return $$("[data-canned]", list).map(answerOf);
}

function load(form) {
  answers ??= fetchAnswers(form.dataset.cannedAt).catch(() => {
    answers = undefined;
    return [];
  });
  return answers;
}

export function prepareCanned(form) {
  const area = form.elements.body;
  const popup = $("[data-slash]", form);
  const shown = $("[data-slash-text]", form);
  let offered = [];
  let active = 0;

  const slash = () => SLASH.exec(area.value.slice(0, area.selectionStart));
  const insert = (one) => {
    const typed = slash();
    const end = area.selectionStart;
    close();
    putText(area, one.text, typed ? end - typed[1].length - 1 : end, end);
  };
  const itemOf = (one, place) => {
    const item = document.createElement("li");
    item.textContent = (place === active ? "▸ " : " ") + one.title;
    item.className = place === active ? "soon" : "";
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      insert(one);
    });
    return item;
  };
  const draw = () => {
    popup.replaceChildren(...offered.map(itemOf));
    popup.hidden = shown.hidden = !offered.length;
    shown.textContent = offered[active]?.text ?? ""; // as it will be sent
    if (offered.length)
      shown.dataset.heard = `${offered[active].title}, ${active + 1} dari ${offered.length}`;
    else delete shown.dataset.heard;
    sayCounts();
  };
  const close = () => {
    offered = [];
    draw();
  };
  const offer = async () => {
    if (!slash()) return close();
    const all = await load(form);
    const word = slash()?.[1].toLowerCase();
    const fitting = word === undefined ? [] : all.filter(({ title }) => title.toLowerCase().includes(word));
    offered = fitting.slice(0, MAX_OFFERED);
    active = 0;
    draw();
  };
  const step = (by) => {
    active = (active + by + offered.length) % offered.length;
    draw();
  };
  const choices = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => insert(offered[active]),
    Tab: () => insert(offered[active]),
  };
  const press = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const onward = event.shiftKey && $("[data-onward]", form);
      (onward || $("button[name=press][value=kirim]", form)).click();
    } else if (event.key === "Escape") {
      if (popup.hidden) area.blur();
      else close();
    } else if (!popup.hidden && choices[event.key]) {
      event.preventDefault();
      choices[event.key]();
    }
  };

  area.addEventListener("input", offer);
  area.addEventListener("blur", close);
  area.addEventListener("keydown", press);
  form.elements.canned?.addEventListener("change", async ({ target }) => {
    const one = (await load(form)).find(({ id }) => id === target.value);
    target.value = "";
    if (one) addText(area, one.text);
  });
}
