/* One form on its way to the server. */

import { isPage, slotOf } from "./forms.js";
import { queueOf, slotOfQueue } from "./outbox.js";
import { isLost } from "./store.js";
import { WORDS } from "./words.js";

const MAX_WAIT_MS = 45000;

export function post(form, entry) {
  const body = new URLSearchParams([...entry.pairs, ["csrf_token", form.elements.csrf_token.value]]);
  const limit = new AbortController();
  setTimeout(() => limit.abort(), MAX_WAIT_MS);
  return fetch(form.action, {
    method: "POST",
    body,
    signal: limit.signal,
    redirect: "manual",
    headers: { "HX-Request": "true", Accept: "text/html" },
  });
}

/* The line speaks of all that waits, of which any may not outlive the page. */
export function whereItIsKept(form) {
  const isOnlyHere = isPage(form)
    ? isLost(slotOf(form))
    : queueOf(form).some((entry) => isLost(slotOfQueue(form) + entry.key));
  return isOnlyHere ? WORDS.onlyHere : WORDS.keptHere;
}
