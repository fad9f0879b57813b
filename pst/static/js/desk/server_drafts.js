/* An answer that is being written is also kept on the server, for the officer's other device. */

import { clock } from "../clock.js";
import { $ } from "../dom.js";
import { DESK_WORDS } from "./desk_words.js";

const PAUSE_MS = 1500;
/* What a browser sends on while it leaves a page. */
const MAX_KEEPALIVE = 20000;

export function keepOnServer(form) {
  const area = form.elements.body;
  const line = $("[data-saved]", form);
  let timer = 0;
  let request;

  const settle = (answer, body) => {
    if (answer.ok) {
      line.textContent = area.value.trim() ? DESK_WORDS.draftSavedAt(clock()) : "";
      form.elements.draft.value = answer.headers.get("Pst-Draft") ?? "";
      area.defaultValue = body;
    } else if (answer.status === 409) line.textContent = DESK_WORDS.draftElsewhere;
  };
  const save = () => {
    clearTimeout(timer);
    timer = 0;
    request = new AbortController();
    const body = area.value;
    const { csrf_token, key, draft } = form.elements;
    fetch(form.dataset.draft, {
      method: "POST",
      body: new URLSearchParams({ csrf_token: csrf_token.value, key: key.value, draft: draft.value, body }),
      signal: request.signal,
      keepalive: body.length < MAX_KEEPALIVE,
      headers: { "HX-Request": "true" },
    }).then(
      (answer) => settle(answer, body),
      () => {
        /* Kept on this device; the next key stroke tries again. */
      },
    );
  };
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  });
  addEventListener("pagehide", () => {
    if (timer) save();
  });
  const stop = (event) => {
    if (event.target !== form) return;
    clearTimeout(timer);
    timer = 0;
    request?.abort();
    line.textContent = "";
  };
  document.addEventListener("submit", stop, true);
}
