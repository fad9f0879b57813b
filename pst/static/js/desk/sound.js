/* A sound when the number of urgent ones grows; off until an officer wants it. */

import { $ } from "../dom.js";
import { prefer, preference } from "./preferences.js";

const PITCH_HZ = 660;
const LASTS_S = 0.6;
const LOUDNESS = 0.15;
let context;

function ring() {
  context ??= new AudioContext();
  const tone = context.createOscillator();
  const loudness = context.createGain();
  tone.frequency.value = PITCH_HZ;
  loudness.gain.setValueAtTime(LOUDNESS, context.currentTime);
  loudness.gain.exponentialRampToValueAtTime(0.001, context.currentTime + LASTS_S);
  tone.connect(loudness).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + LASTS_S);
}

const countUrgent = () => Number($("[data-count]")?.dataset.count ?? 0);

export function watchSound() {
  const wish = $("[data-sound]");
  if (!wish) return;
  wish.checked = preference("sound") === "on";
  wish.addEventListener("change", () => {
    prefer("sound", wish.checked ? "on" : "off");
    if (wish.checked) ring();
  });
  let before = countUrgent();
  $("#worklist")?.addEventListener("htmx:after:swap", () => {
    const count = countUrgent();
    if (count > before && wish.checked) ring();
    before = count;
  });
}
