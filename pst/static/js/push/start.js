/* Switches notices on in this browser: asks for leave, subscribes, and tells the server. */
import { $ } from "../dom.js";

const form = $("form[data-server-key]");
const canNotify = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const bytes = (text) => {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
};

const text = (buffer) => {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
  return btoa(letters.join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

function show(name) {
  for (const part of form.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== name;
}

async function subscribe() {
  const registration = await navigator.serviceWorker.register(form.dataset.worker, { scope: "/" });
  await navigator.serviceWorker.ready;
  const old = await registration.pushManager.getSubscription();
  if (old) await old.unsubscribe();
  return registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(form.dataset.serverKey),
  });
}

async function switchOn() {
  show("waiting");
  if ((await Notification.requestPermission()) !== "granted") {
    show("denied");
    return;
  }
  const subscription = await subscribe();
  form.elements.endpoint.value = subscription.endpoint;
  form.elements.public_key.value = text(subscription.getKey("p256dh"));
  form.elements.secret.value = text(subscription.getKey("auth"));
  form.submit();
}

if (form && canNotify) {
  show(Notification.permission === "denied" ? "denied" : "ready");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    switchOn().catch(() => show("failed"));
  });
}
