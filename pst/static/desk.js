/* The desk by keyboard, and a sound for what is new. The lists keep working without. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const links = () => $$("#worklist .work a, #tindak-lanjut .work a");
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

  /* The sheet of the keys, also where a browser knows no dialogs. */
  function help() {
    if (sheet?.showModal) sheet.showModal(); else sheet?.setAttribute("open", "");
  }
  /* ---- Keys: none while somebody types, and none of the browser's own. */
  const sheet = $("#keys");
  let letters = store("keys") !== "off";  // who speaks to the machine may want none
  let leaving = false; // what is typed while a page comes is meant for that page
  const go = (where) => { leaving = true; location.assign(where); };
  addEventListener("pageshow", () => { leaving = false; });
  const actions = {
    j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
    a: () => {
      const root = current() ?? (links().length ? null : document);
      const button = root && $$("button", root).find((b) => b.textContent.trim() === "Ambil");
      button?.focus();  // nothing is done by a single letter
    },
    r: () => $("#composer textarea")?.focus(),
    "/": () => {
      const find = $("#temukan");
      if (find) find.focus(); else go("/petugas/pencarian");
    },
    c: () => go("/petugas/catat"),
    g: () => go("/petugas"),
    "?": () => help(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || sheet?.open || leaving) return;
    if (event.key.length === 1 && !letters) return;
    if (event.target.closest("input,textarea,select,[contenteditable]")) return;
    if (event.key.startsWith("Arrow") && !links().length) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  const tools = $("[data-tools]");
  if (tools) tools.hidden = false;
  $("[data-keys]")?.addEventListener("click", help);
  for (const box of $$("[data-letters]")) {
    box.checked = letters;
    box.addEventListener("change", () => {
      letters = box.checked;
      store("keys", letters ? "on" : "off");
    });
  }
  sheet?.addEventListener("submit", (event) => {
    if (sheet.close) return;
    event.preventDefault();
    sheet.removeAttribute("open");
  });

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

  /* ---- What is written down at the counter: saved from any field of it. */
  $("[data-record]")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    $("button:not([type=button])", event.currentTarget).click();
  });

  /* ---- What had been seen when a form is sent: the last entry that stands here. */
  document.addEventListener("submit", (event) => {
    const seen = event.target.elements.seen;
    const ids = $$("#thread > [id^=message-]").map((entry) => Number(entry.id.slice(8)));
    if (seen && ids.length) seen.value = Math.max(...ids);
  }, true);

  /* ---- The composer: canned answers by "/", and drafts. */
  const form = $("#composer[data-draft]");
  if (!form) return;
  const area = form.elements.body, popup = $("[data-slash]", form), saved = $("[data-saved]", form);
  const put = (text, start, end) => {
    area.focus();
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };

  let canned;
  const load = () => canned ??= fetch(form.dataset.cannedAt, { headers: { "HX-Request": "true" } })
    .then((answer) => answer.ok ? answer.text() : Promise.reject(new Error("canned")))
    .then((html) => $$("[data-canned]", new DOMParser().parseFromString(html, "text/html"))
      .map((b) => ({ id: b.dataset.canned, title: b.textContent, text: b.dataset.text })))
    .catch(() => { canned = undefined; return []; });

  const slash = () => /(?:^|\s)\/([^\s/]*)$/.exec(area.value.slice(0, area.selectionStart));
  let offered = [], active = 0;
  function draw() {
    popup.replaceChildren(...offered.map((one, place) => {
      const item = document.createElement("li");
      item.textContent = (place === active ? "▸ " : " ") + one.title;
      item.className = place === active ? "soon" : "";
      item.addEventListener("mousedown", (event) => { event.preventDefault(); insert(one); });
      return item;
    }));
    popup.hidden = !offered.length;
  }
  function insert(one) {
    const found = slash();
    const end = area.selectionStart;
    offered = [];
    draw();
    put(one.text, found ? end - found[1].length - 1 : end, end);
  }
  async function offer() {
    if (!slash()) { offered = []; return draw(); }
    const all = await load();
    const word = slash()?.[1].toLowerCase();
    offered = word === undefined ? [] : all.filter((one) => one.title.toLowerCase().includes(word)).slice(0, 8);
    active = 0;
    draw();
  }
  area.addEventListener("input", offer);
  area.addEventListener("blur", () => { offered = []; draw(); });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      $("button.btn[name=aksi]", form).click();
    } else if (popup.hidden) {
      if (event.key === "Escape") area.blur();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : offered.length - 1)) % offered.length;
      draw();
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      insert(offered[active]);
    } else if (event.key === "Escape") { offered = []; draw(); }
  });
  form.elements.templat?.addEventListener("change", async (event) => {
    const one = (await load()).find((each) => each.id === event.target.value);
    event.target.value = "";
    if (one) put((area.value && !area.value.endsWith("\n") ? "\n\n" : "") + one.text, area.value.length, area.value.length);
  });

  let timer, request;
  function save() {
    clearTimeout(timer);
    timer = 0;
    request = new AbortController();
    const body = area.value, { csrf_token, key, draf } = form.elements;
    const pairs = { csrf_token: csrf_token.value, key: key.value, draf: draf.value, body };
    fetch(form.dataset.draft, {
      method: "POST", body: new URLSearchParams(pairs), signal: request.signal,
      keepalive: area.value.length < 20000, headers: { "HX-Request": "true" },
    }).then((answer) => {
      if (answer.ok) {
        saved.textContent = area.value.trim() ? "Draf tersimpan pukul " + window.pst.clock() + "." : "";
        draf.value = answer.headers.get("Pst-Draft") ?? "";
        area.defaultValue = body;
      } else if (answer.status === 409) {
        saved.textContent = "Draf ini tersimpan di peramban ini saja; di server ada draf Anda dari halaman lain.";
      }
    }, () => { /* kept on this device; the next key stroke tries again */ });
  }
  area.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 1500); });
  addEventListener("pagehide", () => { if (timer) save(); });
  document.addEventListener("submit", (event) => {
    if (event.target !== form) return;
    clearTimeout(timer);
    timer = 0;
    request?.abort();
    saved.textContent = "";
  }, true);
  /* Refused because others wrote meanwhile: have what they wrote shown at once. */
  const status = $("[data-status]", form);
  new MutationObserver(() => {
    if (status.textContent.includes("Baca dahulu")) {
      document.body.dispatchEvent(new Event("said", { bubbles: true }));
    }
  }).observe(status, { childList: true });
})();
