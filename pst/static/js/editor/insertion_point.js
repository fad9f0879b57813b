/* A place in the text that moves along while a person goes on typing. */

/* Return where `place` stands after `before` became `after`. */
function moved(place, before, after) {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  if (place <= head) return place;
  const fromEnd = (text, back) => text[text.length - 1 - back];
  let tail = 0;
  while (tail < shorter - head && fromEnd(before, tail) === fromEnd(after, tail)) tail += 1;
  const isBehind = place >= before.length - tail;
  return isBehind ? place + after.length - before.length : after.length - tail;
}

export function insertionPoint(area) {
  let place = area.selectionEnd;
  let known = area.value;
  const follow = () => {
    place = moved(place, known, area.value);
    known = area.value;
  };
  area.addEventListener("input", follow);
  return {
    /* Put `text` in; a cursor that stands there goes behind it, any other stays. */
    insert(text) {
      follow();
      const isHere = area.selectionStart === place && area.selectionEnd === place;
      const [before] = area.value.slice(0, place).match(/\S?$/);
      const whole = (before && " ") + text;
      area.setRangeText(whole, place, place, "preserve");
      place += whole.length;
      known = area.value;
      if (isHere) area.setSelectionRange(place, place);
      area.dispatchEvent(new Event("input", { bubbles: true }));
    },
    end: () => area.removeEventListener("input", follow),
  };
}
