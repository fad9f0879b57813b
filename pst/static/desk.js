/* The desk by keyboard, and a sound for what is new. The lists keep working without. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const links = () => $$("#worklist .work a");
  const store = (name, value) => {
    try {
      if (value === undefined) return localStorage.getItem("pst:desk:" + name);
      localStorage.setItem("pst:desk:" + name, value);
    } catch { /* not kept */ }
    return null;
  };

  /* ---- Moving: the chosen row is the one with the focus; a poll does not touch it. */
  let chosen = "";
  const current = () => document.activeElement?.closest?.(".work li") ?? document.getElementById(chosen);
  function move(step) {
    const all = links();
    const row = current();
    const at = all.findIndex((link) => row?.contains(link));
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
    if (!next) return;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.(".work li");
    if (row) chosen = row.id;
  });
  /* A row that somebody claimed leaves the list: the focus goes to its neighbour. */
  let place = 0;
  const list = $("#worklist");
  list?.addEventListener("htmx:before:swap", () => {
    place = links().findIndex((link) => link === document.activeElement);
  });
  list?.addEventListener("htmx:after:swap", () => {
    const all = links();
    if (place >= 0 && document.activeElement === document.body && all.length) {
      all[Math.min(place, all.length - 1)].focus({ preventScroll: true });
    }
  });

  /* ---- Keys: none while somebody types, and none of the browser's own. */
  const sheet = $("#keys");
  const actions = {
    j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
    a: () => {
      const root = current() ?? (links().length ? null : document);
      const button = root && $$("button", root).find((b) => b.textContent.trim() === "Ambil");
      if (button) button.click();
    },
    r: () => $("#composer textarea")?.focus(),
    "/": () => {
      const find = $("#temukan");
      if (find) find.focus(); else location.assign("/petugas/pencarian");
    },
    g: () => location.assign("/petugas"),
    "?": () => sheet?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || sheet?.open) return;
    if (event.target.closest("input,textarea,select,[contenteditable]")) return;
    if (event.key.startsWith("Arrow") && !links().length) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  const tools = $("[data-tools]");
  if (tools) tools.hidden = false;
  $("[data-keys]")?.addEventListener("click", () => sheet?.showModal());

  /* ---- A sound when the number of urgent ones grows; off until somebody wants it. */
  const wish = $("[data-sound]");
  let context;
  function ring() {
    context ??= new AudioContext();
    const tone = context.createOscillator(), loudness = context.createGain();
    tone.frequency.value = 660;
    loudness.gain.setValueAtTime(0.15, context.currentTime);
    loudness.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.6);
    tone.connect(loudness).connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + 0.6);
  }
  if (wish) {
    wish.checked = store("sound") === "on";
    wish.addEventListener("change", () => {
      store("sound", wish.checked ? "on" : "off");
      if (wish.checked) ring();
    });
  }
  let before = Number($("[data-count]")?.dataset.count ?? 0);
  list?.addEventListener("htmx:after:swap", () => {
    const count = Number($("[data-count]")?.dataset.count ?? 0);
    if (count > before && wish?.checked) ring();
    before = count;
  });
})();
