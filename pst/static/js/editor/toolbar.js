/* The Markdown toolbar of an article's editor. */

import { $, putText } from "../dom.js";
import { EDITOR_WORDS } from "./editor_words.js";

function wrapChosen(area, before, chosen, after) {
  const start = area.selectionStart;
  putText(area, before + chosen + after, start, area.selectionEnd);
  return start;
}

function format(button, area) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const chosen = value.slice(start, end);
  const { wrap, line, link, block } = button.dataset;
  if (wrap) {
    const text = chosen || EDITOR_WORDS.anyText;
    const from = wrapChosen(area, wrap, text, wrap) + wrap.length;
    area.setSelectionRange(from, from + text.length);
  } else if (line) {
    const first = value.lastIndexOf("\n", start - 1) + 1;
    const lines = value.slice(first, end).split("\n");
    putText(area, lines.map((each) => line + each).join("\n"), first, end);
  } else if (link) {
    const text = chosen || EDITOR_WORDS.anyLink;
    const from = wrapChosen(area, "[", text, `](${link})`) + text.length + "[](".length;
    area.setSelectionRange(from, from + link.length);
  } else if (block) {
    putText(area, `\n${block}\n`, start, end);
  }
}

export function prepareToolbar(form, area) {
  const bar = $(".toolbar", form);
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) format(button, area);
  });
  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const wrap = { b: "**", i: "*" }[event.key];
    if (!wrap) return;
    event.preventDefault();
    format($(`[data-wrap="${wrap}"]`, bar), area);
  });
}
