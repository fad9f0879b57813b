/* How many messages are unread: in the title, and on the way to the end of the conversation. */

import { $, page } from "../dom.js";
import { TALK_WORDS } from "./talk_words.js";

const COUNTED = /^\s*(\(\d+\) )?/;
let isAway = false;
let first;

const composer = () => $("#composer");

/* An officer's title counts what waits on the desk. */
export function showUnread(left) {
  const messages = left.filter((entry) => entry.matches(".msg"));
  const count = messages.length;
  [first] = messages;
  const jump = $("[data-jump] a");
  if (jump) jump.textContent = count ? TALK_WORDS.newMessages : TALK_WORDS.toNewest;
  if ($("#waiting")) return;
  document.title = document.title.replace(COUNTED, count ? `(${count}) ` : "");
}

/* The composer stands over the end of what is scrolled: nothing hides behind it. */
function fit() {
  page.style.setProperty("--dock", `${composer()?.offsetHeight ?? 0}px`);
}

const goTo = (entry, block) => entry.scrollIntoView({ block });

/* A reader at the end stays at the end; at the top of what is longer than the screen. */
export function follow(news) {
  if (isAway || !news.length) return;
  const [begin, end] = [news[0], news[news.length - 1]];
  const height = end.getBoundingClientRect().bottom - begin.getBoundingClientRect().top;
  if (height > innerHeight / 2) goTo(begin, "start");
  else goTo(end, "nearest");
}

/* The rating comes after the page: who looks at the end sees it grow. */
function followRating(end) {
  const rating = $("#penilaian");
  if (!rating || !window.ResizeObserver) return;
  let height = rating.offsetHeight;
  const grow = () => {
    if (rating.offsetHeight > height && !isAway) goTo(end, "nearest");
    height = rating.offsetHeight;
  };
  new ResizeObserver(grow).observe(rating);
}

export function prepareEnd() {
  const end = $("#akhir");
  const jump = $("[data-jump]");
  if (!end || !jump) return;
  fit();
  if (composer() && window.ResizeObserver) new ResizeObserver(fit).observe(composer());
  followRating(end);
  const show = (away) => {
    isAway = away;
    jump.hidden = !away;
  };
  const look = ([entry]) => show(!entry.isIntersecting && entry.boundingClientRect.top > 0);
  // Where nothing tells what is seen, nothing moves by itself, and the way is always shown.
  if (!window.IntersectionObserver) show(true);
  else new IntersectionObserver(look, { rootMargin: "0px 0px 30% 0px" }).observe(end);
  $("a", jump).addEventListener("click", (event) => {
    event.preventDefault();
    if (first) goTo(first, "start");
    else goTo(end, "end");
  });
}
