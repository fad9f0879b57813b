/* What the browser keeps of what a person typed. Every name begins with whose it is:
   "pst:17:…" are the drafts of person 17, "pst:tautan:…" of whoever holds a mailed link,
   "pst:tab:…" of a stranger, for this tab alone.

   pst.store.forget(17) removes all of person 17, as does an element data-forget="17".
   <html data-keep="no"> (a shared computer) keeps nothing: words live in the page only. */
(() => {
  "use strict";
  const START = "pst:";
  const memory = {};
  const isOff = () => document.documentElement.dataset.keep === "no";
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
      for (const name of Object.keys(memory)) if (name.startsWith(person + ":")) delete memory[name];
      for (const each of ["localStorage", "sessionStorage"]) {
        try {
          const storage = window[each];
          for (const name of ours(storage)) if (name.startsWith(person + ":")) storage.removeItem(START + name);
        } catch { /* forbidden: nothing is there */ }
      }
    },
  };
  window.pst = { store };
})();
