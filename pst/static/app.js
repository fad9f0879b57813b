/* What the pages do beyond HTML: ask for news in good time, keep what was typed until
   the server has it, and send it at most once. Everything works without this file. */
(() => {
  "use strict";
  const { pst } = window;
  const { $, $$, KEPT, fields, here, isChat, keep, nameOf, newButton, newKey, slotOf, store } = pst;
  /* The office's clock, as in every other time on the page; not the device's. */
  const { zone: timeZone, zoneName } = document.documentElement.dataset;
  const clock = () => new Date()
    .toLocaleTimeString("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" })
    .replace(":", ".") + " " + zoneName;
  /* Older browsers lack it; htmx asks for it too. */
  for (const kind of [Element, DocumentFragment]) {
    kind.prototype.replaceChildren ??= function replaceChildren(...nodes) {
      this.textContent = "";
      this.append(...nodes);
    };
  }
  const fire = (name) => document.body.dispatchEvent(new Event(name, { bubbles: true }));

  const isPage = (form) => form.dataset.send === "page";

  const LASTS = 47 * 3600e3;  // the server keeps a file without a message for two days

  /* ---- Sending: one queue a form, in order, each entry with its key. */
  function say(form, text, bad) {
    const line = $("[data-status]", form);
    if (!line) return;
    line.textContent = text;
    line.classList.toggle("bad", Boolean(bad));
  }

  function button(form, text, action) {
    $("[data-status]", form)?.append(" ", newButton(text, action));
  }

  function askToLogIn(line, text) {
    const link = document.createElement("a");
    link.href = "/masuk?next=" + encodeURIComponent(here);
    link.textContent = text;
    line.classList.add("bad");
    line.replaceChildren("Sesi Anda berakhir. ", link);
  }

  /* ---- Read aloud: each thing once, in order; what changes often is only to be seen. */
  function tell(text) {
    const log = $("#kabar");
    if (!log || !text) return;
    const line = document.createElement("p");
    line.textContent = text;
    log.append(line);
    while (log.childElementCount > 20) log.firstChild.remove();
  }
  const oneLine = (text) => text.trim().replace(/\s+/g, " ");
  const heardOf = new Set();
  const entries = () => $$("#thread > [id^=message-]");
  const idOf = (entry) => Number(entry.id.slice(8));
  function tellNews() {
    for (const entry of entries().sort((a, b) => idOf(a) - idOf(b))) {
      if (heardOf.has(entry.id)) continue;
      heardOf.add(entry.id);
      const parts = entry.matches(".msg") ? $$(".by b, .text, .file", entry) : [entry];
      tell(parts.map((part) => oneLine(part.textContent)).join(": "));
    }
  }

  /* What is fetched while one types, or by itself, says in a few words what it is: once
     the typing rests, and not again while it stays the same. */
  let counted = "", resting = 0;
  const counts = () => $$("[data-heard]").map((e) => e.dataset.heard).join(". ");
  function tellCounts() {
    clearTimeout(resting);
    resting = setTimeout(() => {
      if (counts() !== counted) $("#hasil").textContent = counted = counts();
    }, 800);
  }
  function prepareCounts() {
    const line = document.createElement("p");
    Object.assign(line, { id: "hasil", className: "sr" });
    line.setAttribute("role", "status");
    document.body.append(line);
    counted = counts();
  }

  /* A message waits on the device until it is sent. A page's form waits in its page only,
     as one entry; left behind, it is a draft that somebody looks at before sending it. */
  const out = (form) => nameOf(form) + ":out~";
  const queueOf = (form) => isPage(form) ? form.out ?? []
    : store.names(out(form)).map(store.read).filter(Boolean).sort((a, b) => a.since - b.since);
  function unqueue(form, entry) {
    if (isPage(form)) form.out = queueOf(form).filter((e) => e !== entry);
    else store.write(out(form) + entry.key, undefined);
  }

  function showQueue(form, first) {
    if (isPage(form)) return;
    queueOf(form).forEach((entry, place) => showPending(entry, place ? "belum terkirim" : first));
  }

  function showPending(entry, state) {
    const thread = $("#thread");
    if (!thread || $(`li[data-key="${entry.key}"]:not(.pending)`, thread)) return;
    let item = $(`li.pending[data-key="${entry.key}"]`, thread);
    if (!item) {
      item = document.createElement("li");
      item.className = "msg mine pending";
      item.dataset.key = entry.key;
      item.innerHTML = '<p class="by"><b>Anda</b><span></span></p><div class="text"></div>';
      $(".text", item).textContent = entry.body || "📎 " + (entry.files ?? []).map((f) => f.name).join(", ");
      thread.append(item);
      item.scrollIntoView({ block: "nearest" });
    }
    $(".by span", item).textContent = state;
  }

  /* Two polls may have been under way with the same mark: the second brings nothing new. */
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
    if (sending.get(form)) { showQueue(form, "mengirim"); return; }
    sending.set(form, true);
    clearTimeout(form.retry);
    if (isPage(form)) lock(form, true);
    try {
      for (let entry; (entry = queueOf(form)[0]);) {
        showQueue(form, "mengirim");
        say(form, "Mengirim…");
        if (!(await deliver(form, entry))) break;
      }
    } finally {
      sending.set(form, false);
      if (isPage(form)) lock(form, false);
    }
  }

  /* What is typed while the page is on its way would be lost with the page. */
  function lock(form, on) { for (const f of fields(form)) f.readOnly = on; }

  async function deliver(form, entry, again = true) {
    let answer;
    try { answer = await post(form, entry); }
    catch {
      // The line speaks of all that waits, of which any may not outlive the page.
      const isLost = isPage(form) ? store.isLost(slotOf(form))
        : queueOf(form).some((each) => store.isLost(out(form) + each.key));
      return notSent(form, entry, isLost
        ? "Belum terkirim. Jangan tutup halaman ini: tulisan Anda hanya ada di sini."
        : "Belum terkirim. Tulisan Anda tersimpan di perangkat ini.");
    }
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
    form.failures = 0;
    // Changed and pressed again meanwhile: the server adds what is new to what it has.
    if (isPage(form) && queueOf(form)[0] !== entry) return true;
    unqueue(form, entry);
    const next = answer.headers.get("HX-Redirect");
    if (next) { pst.settle(form); location.assign(next); return false; }
    showPending(entry, "terkirim");
    say(form, "Terkirim pukul " + clock());
    fire("said");
    return true;
  }

  function notSent(form, entry, text, final) {
    showQueue(form, "belum terkirim");
    say(form, text, true);
    if (!final) {
      button(form, "Coba lagi", () => flush(form));
      form.failures = Math.min((form.failures ?? 0) + 1, 6);
      form.retry = setTimeout(() => flush(form), 1000 * 2 ** form.failures);
    }
    return false;
  }

  /* The server would not take it: the text goes back into its field, a page's form
     comes with what is wrong in it. */
  async function refused(form, entry, answer) {
    unqueue(form, entry);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = page.body.textContent.trim().replace(/\s+/g, " ") || "Belum terkirim.";
    if (isPage(form)) {
      const main = page.getElementById("isi");
      if (main) show(main); else say(form, said, true);
      return false;
    }
    $(`#thread li.pending[data-key="${entry.key}"]`)?.remove();
    const field = form.elements.body;
    const body = entry.body.replace(/[\0-\x08\x0e-\x1f\x7f]/g, " ");
    field.value = field.value ? body + "\n\n" + field.value : body;
    for (const file of entry.files ?? []) listed(form, file);
    keep(form);
    say(form, said, true);
    field.focus();
    return false;
  }

  function show(main) {
    $("#isi").replaceWith(main);
    htmx.process(main);
    prepare(main);
    scrollTo(0, 0);
    $("[autofocus]", main)?.focus();
  }

  /* The button that was pressed: Safari before 15.4 does not tell, and older browsers
     leave it out of what they collect from the form. Enter presses the first one. */
  let pressed = null;
  function submit(event) {
    const form = event.target, button = event.submitter ?? (pressed?.form === form ? pressed : null);
    pressed = null;
    if (!form.matches("form[data-send]")) {
      if (form.matches(KEPT)) { if (form.method === "post") pst.leave(form); else keep(form); }
      return;
    }
    if (button?.hasAttribute("formaction")) return;  // goes elsewhere, as it is
    event.preventDefault();
    if ($(".uploads [data-state=busy]", form)) {
      say(form, "Tunggu sampai lampiran selesai diunggah, atau batalkan.", true);
      return;
    }
    if (isChat(form) && !form.elements.body.value.trim() && !$("[name=attachment]", form)) {
      say(form, "Pesan wajib diisi.", true);
      form.elements.body.focus();
      return;
    }
    const missing = $$(".uploads .late", form).map((item) => item.file.name).join(", ");
    if (missing && form.missing !== missing) {
      form.missing = missing;
      say(form, `Belum dikirim, karena berkas ini tidak ikut: ${missing}. Pilih lagi berkasnya, atau kirim sekali lagi tanpa berkas itu.`, true);
      return;
    }
    const pairs = [...new FormData(form)].filter(([name, v]) => name !== "csrf_token" && typeof v === "string");
    if (button?.name) pairs.push([button.name, button.value]);
    const files = $$(".uploads [data-state=done]", form).map((item) => item.file);
    const entry = { key: form.elements.key?.value, body: form.elements.body?.value, pairs, files };
    if (!isPage(form)) store.write(out(form) + entry.key, { ...entry, since: Date.now() });
    else if (JSON.stringify(queueOf(form)[0]?.pairs) !== JSON.stringify(pairs)) form.out = [entry];
    if (isPage(form)) pst.press(form); else pst.settle(form);
    if (isChat(form)) {
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

  function newRow(form, file) {
    const item = document.createElement("li");
    item.file = file;
    item.innerHTML = "<span></span><span></span>";
    const [name, note] = $$("span", item);
    name.textContent = file.name;
    item.append(newButton("Batal", () => { item.stop?.(); item.remove(); keep(form); }));
    item.finish = (state, text) => {
      item.dataset.state = state;
      item.classList.toggle("late", state === "refused");
      note.textContent = text;
      $("progress", item)?.remove();
      tell(file.name + ": " + text);
      if (state === "done") {
        const hidden = document.createElement("input");
        hidden.type = "hidden"; hidden.name = "attachment"; hidden.value = file.id;
        item.append(hidden);
      }
    };
    $(".uploads", form).append(item);
    return item;
  }

  /* A file of a draft, or of a message that was refused: the server has it, or says so. */
  function listed(form, file) {
    if (!$(".uploads", form)) return;
    const isThere = file.id && Date.now() - file.since < LASTS;
    newRow(form, file).finish(...isThere ? ["done", "terunggah"] : ["refused", file.why || "belum terunggah; pilih lagi berkasnya"]);
  }

  function upload(form, chosen) {
    const key = newKey();
    const file = { name: chosen.name + " (" + inWords(chosen.size) + ")" };
    const item = newRow(form, file), note = $$("span", item)[1], bar = document.createElement("progress");
    item.dataset.state = "busy";
    bar.max = 1;
    bar.setAttribute("aria-label", "Terunggah");
    bar.value = 0;
    note.before(bar);
    let request, timer, tries = 0;
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
      body.append("files", chosen);
      request.open("POST", form.dataset.upload);
      request.setRequestHeader("HX-Request", "true");
      request.upload.onprogress = (e) => {
        bar.value = e.loaded / e.total;
        note.textContent = Math.round(100 * e.loaded / e.total) + "%";
      };
      request.onerror = again;
      request.onload = () => {
        if (request.status === 201) {
          const { id, held } = JSON.parse(request.responseText);
          Object.assign(file, { id, since: Date.now() });
          item.finish("done", held || "terunggah");
          return keep(form);
        }
        if (request.status >= 500 || request.status === 429) return again();
        let text = "Tidak dapat diunggah.";
        try { text = JSON.parse(request.responseText).error; } catch {
          if (request.status === 413) text = "Berkas terlalu besar.";
          if (request.status === 401) text = "Sesi Anda berakhir. Masuk kembali.";
        }
        file.why = text;
        item.finish("refused", text);
        keep(form);
      };
      request.send(body);
    };
    item.stop = () => { clearTimeout(timer); request.abort(); };
    addEventListener("online", () => { if (item.dataset.state === "busy" && item.isConnected && request.readyState === 4) go(); });
    keep(form);
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
      if (lost === ok) tell(ok ? "Terhubung kembali." : "Tidak terhubung. Mencoba lagi.");
      lost = !ok;
      plan(least);
    };
    const now = () => { last = Date.now(); over = false; ask(); };
    element.addEventListener("htmx:before:request", () => { busy = true; });
    element.addEventListener("htmx:after:request", (e) => {
      const response = e.detail.ctx.response, status = response?.status;
      if (status === 401) {  // asks again when somebody comes back to this tab
        busy = false;
        if (line && !$("a", line)) tell("Sesi Anda berakhir. Masuk kembali untuk melanjutkan.");
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
  function prepare(root) {
    pst.start(root);
    $$("form[data-send]", root).forEach((form) => { if (queueOf(form).length) flush(form); });
    $$("form[data-upload]", root).forEach(prepareUploads);
  }

  Object.assign(pst, { clock, listed, say });
  function start() {
    $$("[data-poll]").forEach(poller);
    $$("[data-forget]").forEach((e) => store.forget(e.dataset.forget));
    pst.arrive();
    $$("[data-confirmed]").forEach((e) => {
      for (const name of store.names("")) {
        const draft = store.read(name);
        if (draft?.key === e.dataset.confirmed && !draft.edited) store.write(name, undefined);
      }
    });
    prepare(document);
    markRead();
    entries().forEach((entry) => heardOf.add(entry.id));
    document.addEventListener("click", (e) => { pressed = e.target.closest?.("button"); }, true);
    document.addEventListener("submit", submit);
    document.addEventListener("input", (e) => {
      const { form } = e.target;
      if (!form || !isPage(form) || !queueOf(form).length || sending.get(form)) return;
      form.out = [];  // not in its old words; only when it is pressed again
      clearTimeout(form.retry);
      const press = $("button:not([type=button]):not([formaction])", form).textContent;
      say(form, `Belum terkirim. Tekan ${press} bila sudah selesai mengubah.`, true);
    });
    addEventListener("online", () => $$("form[data-send]").forEach(flush));
    prepareCounts();
    document.addEventListener("htmx:after:swap", (e) => {
      dropArrived();
      tellNews();
      tellCounts();
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
    $$(".unscripted").forEach((e) => e.remove());  // what a page needs without this file
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
