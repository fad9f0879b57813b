/* What the pages do beyond HTML: ask for news in good time, keep what was typed until
   the server has it, and send it at most once. Everything works without this file. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  /* The office's clock, as in every other time on the page; not the device's. */
  const { zone: timeZone, zoneName } = document.documentElement.dataset;
  const clock = () => new Date()
    .toLocaleTimeString("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" })
    .replace(":", ".") + " " + zoneName;
  window.pst = { clock };
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(15))]
    .map((n) => n.toString(36).padStart(2, "0")).join("").slice(0, 30);
  const fire = (name) => document.body.dispatchEvent(new Event(name, { bubbles: true }));

  /* Storage that may be full or forbidden: then what was typed lives in this tab only. */
  const memory = {};
  const store = {
    read(name) {
      try { return JSON.parse(localStorage.getItem("pst:" + name)) ?? memory[name]; }
      catch { return memory[name]; }
    },
    write(name, value) {
      memory[name] = value;
      try {
        if (value === undefined) localStorage.removeItem("pst:" + name);
        else localStorage.setItem("pst:" + name, JSON.stringify(value));
      } catch { /* kept in memory */ }
    },
  };
  const nameOf = (form) => form.dataset.owner + ":" + form.dataset.keep;

  /* ---- Drafts: what stands in a form marked data-keep survives reload and crash. */
  const fields = (form) => $$("input,textarea,select", form).filter((f) =>
    f.name && f.name !== "csrf_token" && !["file", "password", "submit"].includes(f.type));

  function keep(form) {
    const values = {};
    for (const f of fields(form)) {
      if (f.type === "checkbox" || f.type === "radio") { if (f.checked) values[f.name] = f.value; }
      else values[f.name] = f.value;
    }
    const typed = fields(form).some((f) => f.type !== "hidden" && f.value && f.value !== f.defaultValue
      && f.tagName !== "SELECT");
    store.write(nameOf(form), typed ? values : undefined);
  }

  function restore(form) {
    const kept = store.read(nameOf(form));
    if (!kept || $("[aria-invalid=true]", form)) return;
    for (const f of fields(form)) {
      if (!(f.name in kept)) continue;
      if (f.type === "checkbox" || f.type === "radio") f.checked = f.value === kept[f.name];
      else if (f.type === "hidden" || !f.value || f.tagName === "SELECT") f.value = kept[f.name];
    }
    say(form, "Tulisan Anda yang belum terkirim dipulihkan.");
  }

  /* ---- Sending: one queue a form, in order, each entry with its key. */
  function say(form, text, bad) {
    const line = $("[data-status]", form);
    if (!line) return;
    line.textContent = text;
    line.classList.toggle("bad", Boolean(bad));
  }

  function retryButton(form) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet small";
    button.textContent = "Coba lagi";
    button.addEventListener("click", () => flush(form));
    const line = $("[data-status]", form);
    if (line) line.append(" ", button);
  }

  const queueOf = (form) => store.read(nameOf(form) + ":out") ?? [];
  const setQueue = (form, queue) =>
    store.write(nameOf(form) + ":out", queue.length ? queue : undefined);

  function askToLogIn(line, text) {
    const link = document.createElement("a");
    link.href = "/masuk?next=" + encodeURIComponent(location.pathname + location.search);
    link.textContent = text;
    line.classList.add("bad");
    line.replaceChildren("Sesi Anda berakhir. ", link);
  }

  function showPending(form, entry, state) {
    const thread = $("#thread");
    if (!thread || $(`li[data-key="${entry.key}"]:not(.pending)`, thread)) return;
    let item = $(`li.pending[data-key="${entry.key}"]`, thread);
    if (!item) {
      item = document.createElement("li");
      item.className = "msg mine pending";
      item.dataset.key = entry.key;
      item.innerHTML = '<p class="by"><b>Anda</b><span></span></p><div class="text"></div>';
      $(".text", item).textContent = entry.body || "📎";
      thread.append(item);
      item.scrollIntoView({ block: "nearest" });
    }
    $(".by span", item).textContent = state;
  }

  function dropArrived() {
    const ids = new Set();
    for (const item of $$("#thread > [id]")) {
      if (ids.has(item.id)) item.remove();
      ids.add(item.id);
    }
    for (const item of $$("#thread li.pending")) {
      const arrived = $(`#thread li[data-key="${item.dataset.key}"]:not(.pending)`);
      if (arrived) item.remove();
    }
  }

  async function freshToken(form) {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const found = /name="csrf_token"[^>]*value="([^"]+)"/.exec(await answer.text());
    if (found) form.elements.csrf_token.value = found[1];
    return Boolean(found);
  }

  function post(form, entry) {
    const body = new URLSearchParams([...entry.pairs, ["csrf_token", form.elements.csrf_token.value]]);
    const limit = new AbortController();
    setTimeout(() => limit.abort(), 45000);
    return fetch(form.action, {
      method: "POST", body, signal: limit.signal, redirect: "manual",
      headers: { "HX-Request": "true", Accept: "text/html" },
    });
  }

  const sending = new WeakMap();
  async function flush(form) {
    if (sending.get(form)) return;
    sending.set(form, true);
    clearTimeout(form.retry);
    try {
      for (let entry; (entry = queueOf(form)[0]);) {
        showPending(form, entry, "mengirim");
        say(form, "Mengirim…");
        if (!(await deliver(form, entry))) break;
      }
    } finally { sending.set(form, false); }
  }

  async function deliver(form, entry, again = true) {
    let answer;
    try { answer = await post(form, entry); }
    catch { return notSent(form, entry, "Belum terkirim. Tulisan Anda tersimpan di perangkat ini."); }
    if (answer.status === 204) return confirmed(form, entry, answer);
    if (answer.status === 400 && again) {
      try { if (await freshToken(form)) return deliver(form, entry, false); } catch { /* below */ }
    }
    if (answer.status === 401) {
      notSent(form, entry, "", true);
      const line = $("[data-status]", form);
      if (line) askToLogIn(line, "Masuk kembali; tulisan Anda tidak hilang.");
      return false;
    }
    if (answer.status >= 500 || answer.status === 429) {
      return notSent(form, entry, "Belum terkirim: sistem sedang sibuk.");
    }
    return refused(form, entry, answer);
  }

  function confirmed(form, entry, answer) {
    setQueue(form, queueOf(form).filter((e) => e.key !== entry.key));
    form.failures = 0;
    const next = answer.headers.get("HX-Redirect");
    if (next) { store.write(nameOf(form), undefined); location.assign(next); return false; }
    showPending(form, entry, "terkirim");
    say(form, "Terkirim pukul " + clock());
    fire("said");
    return true;
  }

  function notSent(form, entry, text, final) {
    showPending(form, entry, "belum terkirim");
    say(form, text, true);
    if (!final) {
      retryButton(form);
      form.failures = Math.min((form.failures ?? 0) + 1, 6);
      form.retry = setTimeout(() => flush(form), 1000 * 2 ** form.failures);
    }
    return false;
  }

  /* The server would not take it: the text goes back into its field. */
  async function refused(form, entry, answer) {
    setQueue(form, queueOf(form).filter((e) => e.key !== entry.key));
    if (form.dataset.send === "page") { HTMLFormElement.prototype.submit.call(form); return false; }
    $(`#thread li.pending[data-key="${entry.key}"]`)?.remove();
    const field = form.elements.body;
    field.value = field.value ? entry.body + "\n\n" + field.value : entry.body;
    keep(form);
    const said = new DOMParser().parseFromString(await answer.text(), "text/html").body.textContent;
    say(form, said.trim().replace(/\s+/g, " ") || "Belum terkirim.", true);
    field.focus();
    return false;
  }

  function submit(event) {
    const form = event.target;
    if (!form.matches("form[data-send]")) { if (form.dataset.keep) keep(form); return; }
    event.preventDefault();
    const isPage = form.dataset.send === "page";
    if ($(".uploads [data-state=busy]", form)) {
      say(form, "Tunggu sampai lampiran selesai diunggah, atau batalkan.", true);
      return;
    }
    if (!isPage && !form.elements.body.value.trim() && !$("[name=attachment]", form)) {
      say(form, "Pesan wajib diisi.", true);
      form.elements.body.focus();
      return;
    }
    const pairs = [...new FormData(form, event.submitter)].filter(([name, v]) =>
      name !== "csrf_token" && typeof v === "string");
    const entry = { key: form.elements.key.value, body: form.elements.body?.value, pairs };
    const queue = queueOf(form);
    if (!queue.some((e) => e.key === entry.key)) queue.push(entry);
    setQueue(form, queue);
    if (!isPage) {
      form.elements.body.value = "";
      $(".uploads", form)?.replaceChildren();
      form.elements.key.value = newKey();
      keep(form);
      form.elements.body.focus();
    }
    flush(form);
  }

  /* ---- Attachments: each goes up by itself, with its key, and is tried again. */
  const inWords = (n) => n < 1e6 ? Math.ceil(n / 1e3) + " KB" : (n / 1e6).toFixed(1).replace(".", ",") + " MB";

  function upload(form, file) {
    const key = newKey();
    const item = document.createElement("li");
    item.dataset.state = "busy";
    item.innerHTML = '<span></span><progress max="1" value="0"></progress><span role="status"></span><button type="button" class="btn quiet small">Batal</button>';
    const [name, note] = $$("span", item);
    const bar = $("progress", item);
    name.textContent = file.name + " (" + inWords(file.size) + ")";
    $(".uploads", form).append(item);
    let request, timer, tries = 0;
    const finish = (text) => { note.textContent = text; bar.remove(); };
    const again = () => {
      note.textContent = "belum terunggah, mencoba lagi…";
      timer = setTimeout(go, 1000 * 2 ** Math.min(++tries, 6));
    };
    const go = () => {
      clearTimeout(timer);
      request = new XMLHttpRequest();
      const body = new FormData();
      body.append("csrf_token", form.elements.csrf_token.value);
      body.append("key", key);
      body.append("files", file);
      request.open("POST", form.dataset.upload);
      request.setRequestHeader("HX-Request", "true");
      request.upload.onprogress = (e) => {
        bar.value = e.loaded / e.total;
        note.textContent = Math.round(100 * e.loaded / e.total) + "%";
      };
      request.onerror = again;
      request.onload = () => {
        if (request.status === 201) {
          const hidden = document.createElement("input");
          hidden.type = "hidden"; hidden.name = "attachment"; hidden.value = JSON.parse(request.responseText).id;
          item.append(hidden);
          item.dataset.state = "done";
          return finish("terunggah");
        }
        if (request.status >= 500 || request.status === 429) return again();
        item.dataset.state = "refused";
        item.className = "late";
        let text = "Tidak dapat diunggah.";
        try { text = JSON.parse(request.responseText).error; } catch {
          if (request.status === 413) text = "Berkas terlalu besar.";
          if (request.status === 401) text = "Sesi Anda berakhir. Masuk kembali.";
        }
        finish(text);
      };
      request.send(body);
    };
    $("button", item).addEventListener("click", () => {
      clearTimeout(timer); request.abort(); item.remove();
    });
    addEventListener("online", () => { if (item.dataset.state === "busy" && item.isConnected && request.readyState === 4) go(); });
    go();
  }

  function prepareUploads(form) {
    const input = $("input[type=file]", form);
    if (!input) return;
    input.addEventListener("change", () => {
      [...input.files].forEach((file) => upload(form, file));
      input.value = "";
    });
    const over = (on) => (e) => {
      if (![...(e.dataTransfer?.types ?? [])].includes("Files")) return;
      e.preventDefault();
      form.classList.toggle("drop", on);
    };
    form.addEventListener("dragover", over(true));
    form.addEventListener("dragleave", over(false));
    form.addEventListener("drop", (e) => {
      over(false)(e);
      [...e.dataTransfer.files].forEach((file) => upload(form, file));
    });
  }

  /* ---- Read marks: told once for what is new, when it is really on the screen. */
  let marked = 0;
  function markRead() {
    const thread = $("#thread[data-read]");
    const token = $("input[name=csrf_token]")?.value;
    const ids = $$("#thread > [id^=message-]").map((e) => Number(e.id.slice(8)));
    const upto = Math.max(0, ...ids);
    if (!thread || document.hidden || !token || upto <= marked || thread.dataset.unread !== "true") return;
    const before = marked;
    marked = upto;
    fetch(thread.dataset.read, {
      method: "POST", body: new URLSearchParams({ csrf_token: token, sampai: upto }),
      headers: { "HX-Request": "true" },
    }).then((answer) => { if (answer.ok) thread.dataset.unread = "false"; else marked = before; },
      () => { marked = before; });
  }

  /* ---- Polling: quick after something happened, slow when quiet, none when hidden. */
  const QUICK_FOR = 120, SLOW_FOR = 900;  // seconds since the last thing that happened
  function poller(element) {
    const steps = (element.dataset.intervals || "3,15,60").split(",").map(Number);
    const line = $(element.dataset.heard || "#heard");
    let last = Date.now(), timer = 0, lost = false, busy = false;
    let over = element.dataset.over === "true";
    const pause = () => {
      const quiet = (Date.now() - last) / 1000;
      const step = quiet < QUICK_FOR ? steps[0] : quiet < SLOW_FOR ? steps[1] : steps[2];
      return step * 1000 * (0.9 + Math.random() * 0.2);
    };
    const plan = (least = 0) => {  // seconds that a busy server asks for
      clearTimeout(timer);
      const wait = Math.max(pause(), least * (800 + Math.random() * 400));
      if (!over && !document.hidden) timer = setTimeout(ask, wait);
    };
    const ask = () => {
      clearTimeout(timer);
      if (busy || !element.isConnected) return;
      busy = true;
      element.dispatchEvent(new Event("poll"));
    };
    const heard = (ok, least) => {
      busy = false;
      if (line && (ok || !lost)) {
        line.textContent = ok ? "Terhubung · diperbarui pukul " + clock()
          : "Tidak terhubung sejak pukul " + clock() + ". Mencoba lagi…";
        line.classList.toggle("bad", !ok);
      }
      lost = !ok;
      plan(least);
    };
    const now = () => { last = Date.now(); over = false; ask(); };
    element.addEventListener("htmx:before:request", () => { busy = true; });
    element.addEventListener("htmx:after:request", (e) => {
      const response = e.detail.ctx.response, status = response?.status;
      if (status === 401) {  // asks again when somebody comes back to this tab
        busy = false;
        if (line) askToLogIn(line, "Masuk kembali untuk melanjutkan.");
        return;
      }
      if (status === 200) last = Date.now();
      const least = Number(response?.headers.get("Retry-After") || response?.headers.get("Pst-Poll-After") || 0);
      if (status === 503 && least) {
        busy = false;
        if (line) line.textContent = "Sistem sedang sibuk; halaman ini diperbarui lagi sebentar lagi.";
        plan(least);
      } else heard(status < 400, least);
    });
    element.addEventListener("htmx:error", () => heard(false));
    document.body.addEventListener("said", () => { last = Date.now(); over = false; });
    document.body.addEventListener("closed", () => { over = true; clearTimeout(timer); });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) clearTimeout(timer); else { markRead(); if (!over) ask(); }
    });
    addEventListener("online", now);
    document.addEventListener("input", () => { last = Date.now(); }, { passive: true });
    plan();
  }

  /* ---- Closed for good, in another tab: nothing can be written, what was typed stays. */
  function fitComposer() {
    const form = $("#composer"), isOver = Boolean($("#state[data-over]"));
    if (!form || !$("#state") || Boolean(form.isOver) === isOver) return;
    form.isOver = isOver;
    if (isOver) {
      const note = document.createElement("p");
      note.id = "ditutup";
      note.className = "notice";
      note.textContent = "Percakapan ini sudah ditutup; pesan tidak dapat dikirim lagi.";
      form.before(note);
    } else $("#ditutup")?.remove();
    form.hidden = isOver && !form.elements.body.value && !queueOf(form).length;
    form.elements.body.readOnly = isOver;
    for (const b of $$("button,input[type=file]", form)) b.disabled = isOver;
  }

  /* ---- Start. */
  function start() {
    $$("form[data-keep]").forEach(restore);
    $$("[data-confirmed]").forEach((e) => {
      for (let i = localStorage.length; i--;) {
        const name = localStorage.key(i);
        if (name?.startsWith("pst:") && localStorage.getItem(name).includes(e.dataset.confirmed)) {
          localStorage.removeItem(name);
        }
      }
    });
    $$("form[data-send]").forEach((form) => { if (queueOf(form).length) flush(form); });
    $$("[data-poll]").forEach(poller);
    $$("form[data-upload]").forEach(prepareUploads);
    markRead();
    document.addEventListener("submit", submit);
    document.addEventListener("input", (e) => {
      const form = e.target.closest?.("form[data-keep]");
      if (form) keep(form);
    });
    addEventListener("online", () => $$("form[data-send]").forEach(flush));
    document.addEventListener("htmx:after:swap", (e) => {
      dropArrived();
      fitComposer();
      const thread = $("#thread");
      if (thread && e.target === thread) {
        if ($$(".msg:not(.mine)", thread).some((m) => Number(m.id.slice(8)) > marked)) thread.dataset.unread = "true";
        markRead();
      }
      const count = $("[data-count]")?.dataset.count;
      if (count !== undefined) document.title = document.title.replace(/^(\(\d+\) )?/, Number(count) ? `(${count}) ` : "");
      const status = $("#status");
      if (status?.textContent.trim()) status.hidden = false;
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
