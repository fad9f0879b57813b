/* A short sound. */

const PITCH_HZ = 660;
const LASTS_S = 0.6;
const LOUDNESS = 0.15;
let context;

export function ring() {
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
