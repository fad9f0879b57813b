/* Save the draft without leaving its page: the cursor stays where it is. */

import { clock } from "../clock.js";
import { $, here, page } from "../dom.js";
import { texts } from "../forms.js";
import { renewToken } from "../tokens.js";
import { EDITOR_WORDS } from "./editor_words.js";
import { markFields, reasonsIn, replacePart } from "./page_parts.js";

const MAX_WAIT_MS = 45000;
let saving;

const lineOf = (form) => $("[data-saved]", form);

function say(form, text, isBad) {
  const line = lineOf(form);
  line.textContent = text;
  line.classList.toggle("bad", Boolean(isBad));
  return !isBad;
}

const sayNotSaved = (form, reason) => say(form, EDITOR_WORDS.notSaved(reason), true);

function send(form) {
  const body = new FormData(form);
  body.delete("file"); // has a button of its own
  body.append("press", "simpan");
  const limit = new AbortController();
  setTimeout(() => limit.abort(), MAX_WAIT_MS);
  return fetch(form.action, { method: "POST", body, signal: limit.signal, headers: { Accept: "text/html" } });
}

/* Return the answer and its page; a page that stood open for long tries again. */
async function ask(form, mayRenew = true) {
  const answer = await send(form);
  if (answer.status === 400 && mayRenew && (await renewToken(form))) return ask(form, false);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { answer, fresh };
}

function askToLogIn(form) {
  const link = document.createElement("a");
  link.href = `/masuk?next=${encodeURIComponent(here())}`;
  link.textContent = EDITOR_WORDS.logIn;
  say(form, `${EDITOR_WORDS.loggedOut} `, true);
  lineOf(form).append(link);
  return false;
}

/* From here on the page stands on what the server has. */
function settle(form, sent, answer, fresh) {
  const stored = $("[data-article]", fresh);
  history.replaceState(null, "", answer.url);
  delete page.dataset.posted;
  document.title = fresh.title;
  form.setAttribute("action", stored.getAttribute("action"));
  form.dataset.attach = stored.dataset.attach;
  form.elements.base.value = stored.elements.base.value;
  for (const [field, value] of sent) field.defaultValue = value;
  form.dispatchEvent(new Event("stored", { bubbles: true }));
  for (const name of ["head", "refusal", "aside"]) replacePart(name, fresh);
  return say(form, EDITOR_WORDS.savedAt(clock()));
}

/* A colleague was faster: what was not changed here shows the newer words; what was stays. */
function showNewer(form, sent, fresh) {
  const newer = $("[data-article]", fresh);
  for (const [field, value] of sent) {
    const text = newer.elements[field.name]?.value ?? value;
    if (field.value === value && text.trim() !== value.trim()) field.value = text;
  }
  form.elements.base.value = newer.elements.base.value;
  form.isOvertaken = true;
}

function refuse(form, sent, fresh) {
  replacePart("refusal", fresh);
  if ($("[data-newer]", fresh)) showNewer(form, sent, fresh);
  return sayNotSaved(form, `${reasonsIn(fresh)} ${EDITOR_WORDS.refused}`);
}

async function save(form) {
  if (form.isOvertaken) {
    $('[data-part="refusal"]').scrollIntoView({ block: "nearest" });
    return sayNotSaved(form, EDITOR_WORDS.lookFirst);
  }
  const own = texts(form).filter((field) => !field.closest("[data-part]"));
  const sent = own.map((field) => [field, field.value]);
  say(form, EDITOR_WORDS.saving);
  let reply;
  try {
    reply = await ask(form);
  } catch {
    return sayNotSaved(form, EDITOR_WORDS.offline);
  }
  const { answer, fresh } = reply;
  if ($("[data-article]", fresh)) markFields(own, fresh);
  if (answer.ok && answer.redirected && $("[data-article]", fresh)) return settle(form, sent, answer, fresh);
  if (answer.status === 401 || answer.ok) return askToLogIn(form);
  if ([409, 422].includes(answer.status)) return refuse(form, sent, fresh);
  return sayNotSaved(form, EDITOR_WORDS.busy);
}

/* One save at a time: a second press waits for the first. Return whether it was stored. */
export function saveDraft(form) {
  const next = (saving ?? Promise.resolve()).then(() => save(form));
  saving = next;
  return next;
}

export function saveByKeys(form) {
  document.addEventListener("keydown", (event) => {
    const isSave = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s";
    if (!isSave) return;
    event.preventDefault();
    if (!event.repeat) saveDraft(form);
  });
}
