/* Ask for news: quick after something happened, slow when quiet; once a minute in a hidden tab,
   for the count in its title, and that is no sign that anyone looks. What is over is asked for
   only when its reader stirs or comes back: it may have been opened again. */

import { sayAloud } from "./aloud.js";
import { clock } from "./clock.js";
import { $, page } from "./dom.js";
import { askToLogIn } from "./status.js";
import { WORDS } from "./words.js";

/* Seconds since the last thing that happened. */
const QUICK_FOR = 30;
const SLOW_FOR = 300;
const STEPS = "3,15,60";
/* What a person does who has come back to the page. */
const SIGNS_OF_LIFE = ["input", "keydown", "pointerdown", "scroll", "focus"];

const HIDDEN_S = 60;
/* A list in a hidden tab rests, unless its reader wants to hear of news. */
const isResting = (element) =>
  document.hidden && page.dataset.watches !== "hidden" && element.id !== "thread";
const between = (least, most) => least + Math.random() * (most - least);

/* The line that says whether the page is still connected. */
function connection(line) {
  let isLost = false;
  return {
    show(isThere) {
      if (line && (isThere || !isLost)) {
        line.textContent = isThere ? WORDS.connected(clock()) : WORDS.disconnected(clock());
        line.classList.toggle("bad", !isThere);
      }
      if (isLost === isThere) sayAloud(isThere ? WORDS.connectedAloud : WORDS.disconnectedAloud);
      isLost = !isThere;
    },
    showBusy() {
      if (line) line.textContent = WORDS.newsLater;
    },
    askToLogIn() {
      if (!line) return;
      if (!$("a", line)) sayAloud(WORDS.loggedOutAloud);
      askToLogIn(line, WORDS.logInOn);
    },
  };
}

export function poll(element) {
  const steps = (element.dataset.intervals || STEPS).split(",").map(Number);
  const line = connection($(element.dataset.heard || "#heard"));
  let last = Date.now();
  let timer = 0;
  let notBefore = 0;
  let isBusy = false;
  let isOver = element.dataset.over === "true";

  const pause = () => {
    const quiet = (Date.now() - last) / 1000;
    const awake = quiet < QUICK_FOR ? steps[0] : quiet < SLOW_FOR ? steps[1] : steps[2];
    const step = document.hidden ? Math.max(steps[2], HIDDEN_S) : awake;
    return step * 1000 * between(0.9, 1.1);
  };
  /* `least`: the seconds that a busy server asks for. */
  const plan = (least = 0) => {
    clearTimeout(timer);
    const wait = Math.max(pause(), least * between(800, 1200));
    notBefore = least ? Date.now() + wait : 0;
    if (!isOver && !isResting(element)) timer = setTimeout(ask, wait);
  };
  const ask = () => {
    clearTimeout(timer);
    if (isBusy || !element.isConnected) return;
    isBusy = true;
    element.dispatchEvent(new Event("poll"));
  };
  const hear = (response) => {
    isBusy = false;
    const status = response?.status;
    if (status === 401) {
      line.askToLogIn(); // asks again when the person comes back to this tab
      return;
    }
    if (status === 200) {
      last = Date.now();
      isOver = /\bclosed\b/.test(response.headers.get("HX-Trigger"));
    }
    const least = Number(
      response?.headers.get("Retry-After") || response?.headers.get("Pst-Poll-After") || 0,
    );
    if (status === 503 && least) line.showBusy();
    else line.show(status < 400);
    plan(least);
  };
  const lose = () => {
    isBusy = false;
    line.show(false);
    plan();
  };
  const wake = () => {
    last = Date.now();
    isOver = false;
  };

  element.addEventListener("htmx:config:request", ({ detail }) => {
    if (document.hidden || !document.hasFocus()) detail.ctx.request.headers["Pst-Away"] = "1";
  });
  element.addEventListener("htmx:before:request", () => {
    isBusy = true;
  });
  element.addEventListener("htmx:after:request", (event) => hear(event.detail.ctx.response));
  element.addEventListener("htmx:error", lose);
  document.body.addEventListener("said", wake);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) plan();
    else ask();
  });
  addEventListener("online", () => {
    wake();
    ask();
  });
  const stir = () => {
    const wasQuick = Date.now() - last < QUICK_FOR * 1000;
    last = Date.now();
    if (!wasQuick && !isResting(element) && last >= notBefore) ask();
  };
  for (const sign of SIGNS_OF_LIFE) addEventListener(sign, stir, { passive: true, capture: true });
  plan();
}
