/* Send what waits, each at most once, and say how it went. */

import { clock } from "./clock.js";
import { $, fire, oneLine } from "./dom.js";
import { fields, isPage } from "./forms.js";
import { keep } from "./keeping.js";
import { queueOf, removePending, showPending, showQueue, unqueue } from "./outbox.js";
import { post, whereItIsKept } from "./requests.js";
import { addToStatus, askToLogIn, showStatus } from "./status.js";
import { settle } from "./tabs.js";
import { renewToken } from "./tokens.js";
import { listFile } from "./upload_rows.js";
import { WORDS } from "./words.js";

const MAX_FAILURES_DOUBLED = 6;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what the server does not take
const CONTROLS = /[\0-\x08\x0e-\x1f\x7f]/g;
const sending = new WeakSet();

export const isSending = (form) => sending.has(form);

/* What is typed while the page is on its way would be lost with the page. */
function lock(form, isLocked) {
  if (isPage(form)) for (const field of fields(form)) field.readOnly = isLocked;
}

export async function flush(form) {
  if (isSending(form)) {
    showQueue(form, WORDS.isSending);
    return;
  }
  sending.add(form);
  clearTimeout(form.retry);
  lock(form, true);
  try {
    for (let entry = queueOf(form)[0]; entry; entry = queueOf(form)[0]) {
      showQueue(form, WORDS.isSending);
      showStatus(form, WORDS.sending);
      if (!(await deliver(form, entry))) break;
    }
  } finally {
    sending.delete(form);
    lock(form, false);
  }
}

async function deliver(form, entry, mayRenew = true) {
  let answer;
  try {
    answer = await post(form, entry);
  } catch {
    return keepTrying(form, whereItIsKept(form));
  }
  if (answer.status === 204) return confirm(form, entry, answer);
  if (answer.status === 400 && mayRenew && (await renewToken(form).catch(() => false))) {
    return deliver(form, entry, false);
  }
  if (answer.status === 401) return waitForLogIn(form);
  if (answer.status >= 500 || answer.status === 429) {
    return keepTrying(form, WORDS.busy, Number(answer.headers.get("Retry-After") || 0));
  }
  return refuse(form, entry, answer);
}

function confirm(form, entry, answer) {
  form.failures = 0;
  // Changed and pressed again since: the server adds what is new to what it has.
  if (isPage(form) && queueOf(form)[0] !== entry) return true;
  unqueue(form, entry);
  const next = answer.headers.get("HX-Redirect");
  if (next) {
    settle(form);
    location.assign(next);
    return false;
  }
  showPending(entry, WORDS.isSent);
  showStatus(form, WORDS.sentAt(clock()));
  fire("said");
  return true;
}

/* `least`: the seconds that a busy server asks for; not all come back at once. */
function keepTrying(form, text, least = 0) {
  showQueue(form, WORDS.isNotSent);
  showStatus(form, text, true);
  addToStatus(form, WORDS.again, () => flush(form));
  form.failures = Math.min((form.failures ?? 0) + 1, MAX_FAILURES_DOUBLED);
  const pause = Math.max(2 ** form.failures, least) * (1 + Math.random() / 4);
  form.retry = setTimeout(() => flush(form), 1000 * pause);
  return false;
}

function waitForLogIn(form) {
  showQueue(form, WORDS.isNotSent);
  showStatus(form, "", true);
  const line = $("[data-status]", form);
  if (line) askToLogIn(line, WORDS.logInKept);
  return false;
}

/* The server would not take it: the text goes back into its field, a page's form comes
   with what is wrong in it. */
async function refuse(form, entry, answer) {
  unqueue(form, entry);
  const refusal = new DOMParser().parseFromString(await answer.text(), "text/html");
  const reason = oneLine(refusal.body.textContent) || WORDS.notSent;
  const main = refusal.getElementById("isi");
  if (!isPage(form)) putBackMessage(form, entry, reason);
  else if (main) document.dispatchEvent(new CustomEvent("refused", { detail: main }));
  else showStatus(form, reason, true);
  // Others wrote, which this page does not show yet.
  if (answer.status === 409 && form.elements.seen) fire("said");
  return false;
}

function putBackMessage(form, entry, reason) {
  removePending(entry);
  const field = form.elements.body;
  const body = entry.body.replace(CONTROLS, " ");
  field.value = field.value ? `${body}\n\n${field.value}` : body;
  for (const file of entry.files ?? []) listFile(form, file);
  form.dispatchEvent(
    new CustomEvent("put-back", { detail: new URLSearchParams(entry.pairs), bubbles: true }),
  );
  keep(form);
  showStatus(form, reason, true);
  field.focus();
}
