/* One file on its way to the server: tried again until there is an answer. */

import { renewToken } from "../tokens.js";
import { EDITOR_WORDS } from "./editor_words.js";

const MAX_TRIES_DOUBLED = 6;

function post(form, file, row) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("csrf_token", form.elements.csrf_token.value);
    body.append("file", file);
    request.open("POST", form.dataset.attach);
    request.setRequestHeader("HX-Request", "true");
    request.upload.onprogress = ({ loaded, total }) => row.show(loaded / total);
    request.onload = () => resolve(request);
    request.onerror = () => resolve(request);
    request.send(body);
  });
}

const isLater = ({ status }) => status === 0 || status === 429 || status >= 500;

/* A while, or until the link is back. */
function pause(tries) {
  return new Promise((resolve) => {
    setTimeout(resolve, 1000 * 2 ** Math.min(tries, MAX_TRIES_DOUBLED));
    addEventListener("online", resolve, { once: true });
  });
}

function whyRefused({ status, responseText }) {
  if (status === 401) return EDITOR_WORDS.fileLoggedOut;
  try {
    return JSON.parse(responseText).error;
  } catch {
    return status === 413 ? EDITOR_WORDS.fileTooLarge : EDITOR_WORDS.fileRefused;
  }
}

/* Return the Markdown of the file; undefined when it was refused or called off. */
export async function sendFile(form, file, row) {
  let mayRenew = true;
  for (let tries = 1; ; tries += 1) {
    const request = await post(form, file, row);
    if (row.isGone) return undefined;
    if (request.status === 201) return JSON.parse(request.responseText).markdown;
    if (request.status === 400 && mayRenew) {
      mayRenew = false;
      await renewToken(form).catch(() => false);
    } else if (isLater(request)) {
      row.say(EDITOR_WORDS.again);
      await pause(tries);
      if (row.isGone) return undefined;
    } else {
      row.refuse(whyRefused(request));
      return undefined;
    }
  }
}
