/* The hash of a letter is worked out in the browser where it can be: nothing of it is sent. */
const form = document.querySelector("form[data-hash-at]");
const file = form?.querySelector("input[type=file]");
// Only pages over HTTPS may hash.
const canHash = window.crypto?.subtle && Blob.prototype.arrayBuffer;

const hex = (digest) => {
  const bytes = Array.from(new Uint8Array(digest));
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

if (file && canHash) {
  form.addEventListener("submit", (event) => {
    const [chosen] = file.files;
    if (!chosen) return;
    event.preventDefault();
    chosen
      .arrayBuffer()
      .then((content) => crypto.subtle.digest("sha-256", content))
      .then((digest) => location.assign(form.dataset.hashAt + hex(digest)))
      .catch(() => form.submit());
  });
}
