/* The files on their way into the text: a row each, until it stands there. */

import { newButton } from "../dom.js";
import { EDITOR_WORDS } from "./editor_words.js";

export function newFileRow(list, name, cancel) {
  const item = document.createElement("li");
  const label = document.createElement("span");
  const note = document.createElement("span");
  const bar = document.createElement("progress");
  label.textContent = name;
  bar.value = 0;
  bar.setAttribute("aria-label", EDITOR_WORDS.uploaded);
  const stop = () => {
    item.remove();
    cancel();
  };
  const button = newButton(EDITOR_WORDS.cancel, stop);
  item.append(label, bar, note, button);
  list.append(item);
  return {
    show(part) {
      bar.value = part;
      note.textContent = `${Math.round(100 * part)}%`;
    },
    say(text) {
      note.textContent = text;
    },
    refuse(text) {
      item.classList.add("late");
      note.textContent = text;
      this.why = text;
      bar.remove();
      button.textContent = EDITOR_WORDS.close;
    },
    remove: () => item.remove(),
    get isGone() {
      return !item.isConnected;
    },
  };
}
