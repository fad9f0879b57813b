/* What the browser keeps of what a person typed, until the server has it: in every form
   that is sent, in each tab for itself.

   Every name begins with whose it is: "17:…" are the drafts of person 17, "tautan:…" of
   whoever holds a mailed link, "tab:…" of a stranger, for this tab alone. After "~" stands
   the tab's own mark, so that no tab writes over what another keeps.

   pst.store.forget(17) removes all of person 17, as does an element data-forget="17".
   <html data-keep="no"> (a shared computer) keeps nothing: words live in the page only. */
(() => {
  "use strict";
  const START = "pst:";
  const html = document.documentElement;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(15))]
    .map((n) => n.toString(36).padStart(2, "0")).join("").slice(0, 30);

  const memory = {};
  const isOff = () => html.dataset.keep === "no";
  const shelf = (name) => name.startsWith("tab:") ? sessionStorage : localStorage;
  const ours = (storage) => Object.keys(storage).filter((name) => name.startsWith(START))
    .map((name) => name.slice(START.length));
  const store = {
    read(name) {
      if (name in memory || isOff()) return memory[name];
      try { return JSON.parse(shelf(name).getItem(START + name)) ?? undefined; } catch { return undefined; }
    },
    /* Keep `value`, or nothing; tell whether it outlives this page. */
    write(name, value) {
      delete memory[name];
      try {
        if (value === undefined) shelf(name).removeItem(START + name);
        else if (isOff()) throw isOff;
        else shelf(name).setItem(START + name, JSON.stringify(value));
        return true;
      } catch {
        if (value !== undefined) memory[name] = value;
        return false;
      }
    },
    /* Whether what lies under this name ends with the page. */
    isLost: (name) => name in memory,
    names(start) {
      let all = Object.keys(memory);
      for (const each of ["localStorage", "sessionStorage"]) {
        try { if (!isOff()) all = all.concat(ours(window[each])); } catch { /* forbidden */ }
      }
      return [...new Set(all)].filter((name) => name.startsWith(start));
    },
    forget(person) {
      const start = person + ":";
      store.write(start + "!", 1);  // other tabs of that person keep nothing from now on
      for (const name of Object.keys(memory)) if (name.startsWith(start)) delete memory[name];
      for (const each of ["localStorage", "sessionStorage"]) {
        try {
          const storage = window[each];
          for (const name of ours(storage)) if (name.startsWith(start)) storage.removeItem(START + name);
        } catch { /* forbidden: nothing is there */ }
      }
    },
  };

  /* A refused form is no address to come back to: "Kembali" would ask to send it again. */
  if (html.dataset.posted !== undefined) {
    const from = document.referrer.startsWith(location.origin + "/") ? document.referrer : "";
    const back = html.dataset.posted || from;
    if (back) history.replaceState(null, "", back);
  }
  const here = location.pathname + location.search;

  /* ---- Forms and their fields. */
  const KEPT = "form[data-keep]:not([data-keep=no])";
  /* A chat's form stays and is used again; a page's form ends with the page. */
  const isChat = (form) => form.dataset.send === "";
  const isTick = (f) => f.type === "checkbox" || f.type === "radio";
  const isText = (f) => !isTick(f) && f.tagName !== "SELECT";
  const NOT_KEPT = ["hidden", "file", "password", "submit", "button"];
  const fields = (form) => [...form.elements].filter((f) =>
    f.name && !NOT_KEPT.includes(f.type) && f.autocomplete !== "one-time-code");
  const texts = (form) => fields(form).filter(isText);
  const nameOf = (form) => form.dataset.owner + ":" + form.dataset.keep;
  /* The version on the server that the words were written on from. */
  const baseOf = (form) => form.elements.base ?? form.elements.draf;
  const slotOf = (form) => nameOf(form) + "~" + form.tabMark;
  /* The step before the form of a request calls its fields by the names of an address. */
  function keptAs(f) {
    const name = { subjek: "subject", uraian: "description" }[f.name] ?? f.name;
    if (f.type === "checkbox") return name + "=" + f.value;
    const same = f.form.elements[f.name];
    return f.type !== "radio" && same instanceof RadioNodeList ? name + "#" + [...same].indexOf(f) : name;
  }
  /* What was cut off to fit a shorter field is not forgotten. */
  const isCut = (f, text) => f.maxLength > 0 && f.value.length >= f.maxLength && text?.startsWith(f.value);
  const agrees = (given, text) => text === given || (given.length > 900 && text.startsWith(given));

  function keep(form) {
    const old = (form.tabMark && store.read(slotOf(form))) || form.kept;
    const values = { ...old?.values }, was = { ...old?.was };
    for (const f of fields(form)) {
      const name = keptAs(f);
      if (f.type === "checkbox") values[name] = f.checked;
      else if (f.type === "radio") { if (f.checked) values[name] = f.value; }
      else if (!isCut(f, values[name])) values[name] = f.value;
      if (isText(f)) was[name] = f.defaultValue;
    }
    const kind = new URLSearchParams(location.search).get("jenis");
    if (kind && form.dataset.keep === "baru") values.jenis = kind;
    const files = $$(".uploads li", form).map((item) => item.file).filter(Boolean);
    const isWorth = files.length || texts(form).some((f) => f.value && (old || f.value !== f.defaultValue))
      || (!isChat(form) && fields(form).some((f) => isTick(f) ? f.checked !== f.defaultChecked
        : isText(f) && f.value !== f.defaultValue));
    if (!isWorth && !form.tabMark) return;
    form.tabMark ??= newKey();
    const key = form.isPressed && form.elements.key?.value;
    store.write(slotOf(form), isWorth ? { at: here, since: Date.now(), key, edited: form.edited, values, was, files,
      base: baseOf(form)?.value } : undefined);
    store.write("tab:at:" + nameOf(form), isWorth ? form.tabMark : undefined);
    if (store.isLost(slotOf(form)) && !form.isTold) {
      form.isTold = true;
      pst.say(form, "Peramban ini tidak dapat menyimpan draf. Jangan tutup halaman ini sebelum terkirim.");
    }
  }

  /* The drafts under a name: this tab's own first, then the newest. */
  function drafts(name) {
    const own = name + "~" + store.read("tab:at:" + name);
    return store.names(name).filter((each) => each === name || each.startsWith(name + "~"))
      .map((each) => ({ ...store.read(each), name: each, own: each === own }))
      .filter((draft) => draft.values)
      .sort((a, b) => b.own - a.own || (b.since ?? 0) - (a.since ?? 0));
  }

  const shows = (form, values) => texts(form).every((f) => f.value.trim() === (values[keptAs(f)] ?? f.value).trim());
  /* About something else, or begun on what is no longer so: not to be mixed with this. */
  const fits = (form, draft) => texts(form).every((f) => {
    const text = draft.values[keptAs(f)] ?? f.value;
    return !f.value || f.value === draft.was?.[keptAs(f)] || agrees(f.value.trim(), text.trim());
  });

  /* What the server shows as stored needs no keeping. */
  const isStored = (form, { values, was, files, key }) => !key && !files?.length
    && form.dataset.send !== "page" && form.dataset.keep !== "baru" && html.dataset.posted === undefined
    && texts(form).every((f) => f.defaultValue.trim() === values[keptAs(f)]?.trim())
    && Object.keys(was ?? {}).length === texts(form).length;

  function restore(form) {
    const all = drafts(nameOf(form)), old = [];
    if ($("[aria-invalid=true]", form)) {  // refused: what was typed stands here
      if (all[0]?.own) go(form, all[0]);
      return;
    }
    let mine;
    for (const draft of all) {
      const isThere = draft.key && !draft.edited && $(`#thread [data-key="${draft.key}"]`);
      if (isThere || (draft.own && isStored(form, draft))) store.write(draft.name, undefined);
      else if (!mine && draft.own && isChat(form) && !fits(form, draft)) {  // the server has another's tab
        old.push({ name: nameOf(form) + "~", values: { body: form.elements.body.value }, base: baseOf(form)?.value });
        form.elements.body.value = "";
        take(form, mine = draft);
      } else if (!mine && fits(form, draft)) take(form, mine = draft);
      else if (!shows(form, draft.values)) old.push(draft);
    }
    old.slice(0, 3).forEach((draft) => offer(form, draft));
  }

  /* Go on with a draft: this tab's own, or a copy of what another has. */
  function go(form, draft) {
    form.kept = draft;
    if (draft.own) form.tabMark = draft.name.split("~")[1];
    /* Pressed, and nobody knows whether it arrived: the same words with the same key are
       stored once. What was not pressed has the page's own key. */
    if (draft.key && form.elements.key) form.elements.key.value = draft.key;
    if (draft.base !== undefined && baseOf(form)) baseOf(form).value = draft.base;
    form.isPressed = Boolean(draft.key);
    form.edited = draft.edited;
  }

  function take(form, draft) {
    const changed = putBack(form, draft, draft.at === here);
    go(form, draft);
    if (draft.own) keep(form);
    if (!changed) return;
    const part = form.closest("details");
    if (part) part.open = true;
    const text = `Tulisan Anda yang belum ${form.dataset.send === undefined ? "tersimpan" : "terkirim"} dipulihkan.`;
    if (isChat(form)) pst.say(form, text);
    else notice(form, text, [["Buang tulisan ini", () => discard(form)]]);
  }

  /* Put a draft into its form; tell whether that changed anything. */
  function putBack(form, draft, wins) {
    let changed = false;
    for (const f of fields(form)) {
      const value = draft.values[keptAs(f)];
      if (value === undefined) continue;
      if (f.type === "checkbox") { if (wins) f.checked = value; }
      else if (f.type === "radio") {
        if (wins || !form.elements[f.name].value) f.checked = f.value === value;
      } else if (!f.value || wins || isText(f)) {
        const fit = f.maxLength > 0 ? value.slice(0, f.maxLength) : value;
        changed ||= f.value !== fit;
        f.value = fit;
      }
    }
    for (const file of draft.files ?? []) { pst.listed(form, file); changed = true; }
    return changed;
  }

  function notice(form, text, choices) {
    const box = document.createElement("div");
    box.className = "notice";
    box.setAttribute("role", "status");
    box.innerHTML = '<p></p><p class="row"></p>';
    box.firstChild.textContent = text;
    for (const [label, action] of choices) {
      box.lastChild.append(newButton(label, () => { box.remove(); action(); }));
    }
    form.before(box);
    return box;
  }

  function newButton(text, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn quiet small";
    made.textContent = text;
    made.addEventListener("click", action);
    return made;
  }

  const about = ({ values }) => (values.subject || Object.values(values).find((v) => v && v !== true) || "").slice(0, 80);

  function offer(form, draft) {
    notice(form, `Ada tulisan lama yang belum terkirim: “${about(draft)}”.`, [
      ["Lanjutkan tulisan lama", () => {
        keep(form);
        form.tabMark = undefined;
        putBack(form, draft, true);
        go(form, { ...draft, own: false });
        keep(form);
        store.write(draft.name, undefined);
        notice(form, "Tulisan lama dipulihkan.", [["Buang tulisan ini", () => discard(form)]]);
      }],
      ["Buang tulisan lama", () => store.write(draft.name, undefined)],
    ]);
  }

  function empty(form) {
    form.reset();
    if (isChat(form)) { form.elements.body.value = ""; $(".uploads", form)?.replaceChildren(); }
    if (form.elements.key) form.elements.key.value = newKey();
    form.kept = form.isPressed = form.edited = undefined;
  }

  function discard(form) {
    if (form.kept) store.write(form.kept.name, undefined);
    if (form.tabMark) store.write(slotOf(form), undefined);
    empty(form);
    pst.say(form, "Tulisan dibuang.");
  }

  /* ---- Sent: nothing is kept of it, and other tabs that show the same are told. */
  function sent(name, values) {
    store.write(name, { sent: values });
    store.write(name, undefined);
  }

  /* What was gone on with goes too, unless another tab has changed it since. */
  function sentFrom({ name, kept, values }) {
    if (kept && store.read(kept.name)?.since === kept.since) sent(kept.name, values);
    sent(name, values);
  }

  function says(form) {
    const values = {};
    for (const f of texts(form)) values[keptAs(f)] = f.value;
    return { name: slotOf(form), kept: form.kept, values };
  }

  function settle(form) {
    sentFrom(says(form));
    form.tabMark = form.kept = form.isPressed = form.edited = undefined;
    store.write("tab:at:" + nameOf(form), undefined);
  }

  addEventListener("storage", ({ key, newValue }) => {
    if (newValue && key === START + html.dataset.owner + ":!") html.dataset.keep = "no";
    for (const form of $$(KEPT)) {
      if (!key?.startsWith(START + nameOf(form) + "~") || isOff()) continue;
      const now = newValue ? JSON.parse(newValue) : {}, values = now.sent;
      if (!values && form.tabMark && key === START + slotOf(form)) {
        if (newValue) form.tabMark = newKey();  // a copy of this tab writes there
        keep(form);  // what stands here is not lost
      }
      if (!values || !texts(form).some((f) => f.value) || !shows(form, values)) continue;
      empty(form);
      keep(form);
      if (isChat(form)) pst.say(form, "Tulisan ini sudah terkirim dari tab lain.");
      else notice(form, "Tulisan ini sudah terkirim dari tab lain.", []);
    }
  });

  /* A form that the browser sends by itself: the page that follows tells how it went. */
  function leave(form) {
    press(form);
    if (form.tabMark) store.write("tab:gone", says(form));
  }

  function press(form) {
    form.isPressed = true;
    form.edited = undefined;
    keep(form);
  }

  function arrive() {
    const gone = store.read("tab:gone"), how = performance.getEntriesByType("navigation")[0];
    store.write("tab:gone", undefined);
    if (gone && html.dataset.posted === undefined && how?.redirectCount) sentFrom(gone);
  }

  /* Every form of somebody who is known: what one types is not lost anywhere. */
  function adopt(root) {
    if (!html.dataset.owner) return;
    const all = $$("form[method=post]", root);
    for (const form of all) {
      const action = form.getAttribute("action") || here;
      const isOne = all.filter((each) => (each.getAttribute("action") || here) === action).length === 1;
      if (form.dataset.keep || !isOne || !texts(form).length || $("[type=password]", form)) continue;
      form.dataset.keep = action;
      form.dataset.owner = html.dataset.owner;
    }
  }

  /* Where a person looks for what they asked: what waits to be sent. */
  function list(box) {
    for (const name of store.names(html.dataset.owner + ":")) {
      const draft = store.read(name), [of, slot] = name.split("~");
      if (!draft?.at?.startsWith("/konsultasi/") || !draft.values) continue;
      notice(box, `Tulisan yang belum terkirim menunggu: “${about(draft)}”.`, [
        ["Lanjutkan", () => { store.write("tab:at:" + of, slot); location.assign(draft.at); }],
        ["Hapus", () => store.write(name, undefined)],
      ]);
    }
  }

  function start(root = document) {
    adopt(root);
    $$(KEPT, root).forEach(restore);
    $$("[data-drafts]", root).forEach(list);
  }

  document.addEventListener("input", ({ target: { form } }) => {
    if (!form?.matches(KEPT)) return;
    if (form.isPressed) form.edited = true;
    keep(form);
  });
  /* Leaving removes what its person typed here: ask first. The page after removes it. */
  document.addEventListener("submit", (e) => {
    const person = e.target.dataset.leave;
    const asked = "Ada tulisan Anda yang belum terkirim. Bila Anda keluar, tulisan itu dihapus dari perangkat ini. Tetap keluar?";
    if (!person || !store.names(person + ":").length || confirm(asked)) return;
    e.preventDefault();
    e.stopImmediatePropagation();
  }, true);
  const pst = window.pst = {
    $, $$, newKey, store, here, KEPT, isChat, fields, keep, press, settle, leave, arrive, start, newButton, nameOf, slotOf,
  };
})();
