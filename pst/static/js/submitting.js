/* What happens when a form is sent: into the queue, or as the browser does it. */

import { $, $$, newKey } from "./dom.js";
import { isChat, isPage, KEPT } from "./forms.js";
import { keep, press } from "./keeping.js";
import { enqueue, queueOf } from "./outbox.js";
import { flush, isSending } from "./sending.js";
import { showStatus } from "./status.js";
import { namesFrom } from "./store.js";
import { leave, settle } from "./tabs.js";
import { WORDS } from "./words.js";

const DOUBLE_MS = 2000;

/* The button that was pressed: Safari before 15.4 does not say, and older browsers leave
   it out of what they collect from the form. Enter presses the first one. */
let pressed = null;

export function rememberButton(event) {
  pressed = event.target.closest?.("button");
}

function buttonOf(event) {
  const button = event.submitter ?? (pressed?.form === event.target ? pressed : null);
  pressed = null;
  return button;
}

/* The second click of a double click would ask for what is being done already. */
function isFirstPress(form) {
  const now = Date.now();
  if (form.method === "post" && now - (form.pressedAt ?? 0) < DOUBLE_MS) return false;
  form.pressedAt = now;
  return true;
}

/* Return why a form cannot go yet, if it cannot. */
function hindrance(form) {
  if ($(".uploads [data-state=busy]", form)) return WORDS.uploadFirst;
  if (isChat(form) && !form.elements.body.value.trim() && !$("[name=attachment]", form)) {
    form.elements.body.focus();
    return WORDS.noMessage;
  }
  const missing = $$(".uploads .late", form)
    .map((item) => item.file.name)
    .join(", ");
  if (!missing || form.missing === missing) return "";
  form.missing = missing;
  return WORDS.filesMissing(missing);
}

function entryOf(form, button) {
  const isOurs = ([name, value]) => name !== "csrf_token" && typeof value === "string";
  const pairs = [...new FormData(form)].filter(isOurs);
  if (button?.name) pairs.push([button.name, button.value]);
  const files = $$(".uploads [data-state=done]", form).map((item) => item.file);
  return { key: form.elements.key?.value, body: form.elements.body?.value, pairs, files };
}

function clearChat(form) {
  form.elements.body.value = "";
  $(".uploads", form)?.replaceChildren();
  form.elements.key.value = newKey();
  form.dispatchEvent(new Event("emptied", { bubbles: true }));
  keep(form);
  form.elements.body.focus();
}

export function submit(event) {
  const form = event.target;
  const button = buttonOf(event);
  if (!form.matches("form[data-send]")) {
    if (!isFirstPress(form)) event.preventDefault();
    else if (!form.matches(KEPT)) return;
    else if (form.method === "post") leave(form);
    else keep(form);
    return;
  }
  if (button?.hasAttribute("formaction")) return; // goes elsewhere, as it is
  event.preventDefault();
  const why = hindrance(form);
  if (why) {
    showStatus(form, why, true);
    return;
  }
  enqueue(form, entryOf(form, button));
  if (isPage(form)) press(form);
  else settle(form);
  if (isChat(form)) clearChat(form);
  flush(form);
}

/* Changed while it waits: not sent in its old words, only when it is pressed again. */
export function holdChanged({ target: { form } }) {
  if (!form || !isPage(form) || !queueOf(form).length || isSending(form)) return;
  form.out = [];
  clearTimeout(form.retry);
  const button = $("button:not([type=button]):not([formaction])", form);
  showStatus(form, WORDS.changed(button.textContent.trim()), true);
}

/* Logging out removes what its person typed here: ask first. The page after removes it. */
export function askBeforeLeaving(event) {
  const person = event.target.dataset.leave;
  if (!person || !namesFrom(`${person}:`).length || window.confirm(WORDS.leaveAnyway)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}
