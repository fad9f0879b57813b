/* Attachments: each goes up by itself, with its key, and is tried again. */

import { newKey } from "./dom.js";
import { keep } from "./keeping.js";
import { addBar, finish, newRow } from "./upload_rows.js";
import { WORDS } from "./words.js";

const MAX_TRIES_DOUBLED = 6;

const sizeOf = (bytes) =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1).replace(".", ",")} MB`;

function whyRefused(request) {
  try {
    return JSON.parse(request.responseText).error;
  } catch {
    if (request.status === 413) return WORDS.fileTooLarge;
    return request.status === 401 ? WORDS.uploadLoggedOut : WORDS.uploadRefused;
  }
}

function newRequest(form, item, key, chosen) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("csrf_token", form.elements.csrf_token.value);
  body.append("key", key);
  body.append("files", chosen);
  request.open("POST", form.dataset.upload);
  request.setRequestHeader("HX-Request", "true");
  request.upload.onprogress = ({ loaded, total }) => {
    item.bar.value = loaded / total;
    item.note.textContent = `${Math.round((100 * loaded) / total)}%`;
  };
  return { request, body };
}

function settleUpload(form, item, request) {
  if (request.status === 201) {
    const { id, held } = JSON.parse(request.responseText);
    Object.assign(item.file, { id, since: Date.now() });
    finish(item, "done", held || WORDS.uploaded);
  } else {
    item.file.why = whyRefused(request);
    finish(item, "refused", item.file.why);
  }
  keep(form);
}

export function upload(form, chosen) {
  const key = newKey();
  const item = newRow(form, { name: `${chosen.name} (${sizeOf(chosen.size)})` });
  item.dataset.state = "busy";
  item.bar = addBar(item);
  let request;
  let timer;
  let tries = 0;
  const again = () => {
    item.note.textContent = WORDS.uploadAgain;
    tries += 1;
    timer = setTimeout(go, 1000 * 2 ** Math.min(tries, MAX_TRIES_DOUBLED));
  };
  const go = () => {
    clearTimeout(timer);
    const next = newRequest(form, item, key, chosen);
    request = next.request;
    request.onerror = again;
    request.onload = () => {
      if (request.status >= 500 || request.status === 429) again();
      else settleUpload(form, item, request);
    };
    request.send(next.body);
  };
  item.stop = () => {
    clearTimeout(timer);
    request.abort();
  };
  addEventListener("online", () => {
    if (item.dataset.state === "busy" && item.isConnected && request.readyState === 4) go();
  });
  keep(form);
  go();
}
