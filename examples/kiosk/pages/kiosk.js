// The screen that the person stands at.

import { countdown } from "./clock.js";
import { byId, firstLang, langSwitch, speaker } from "./dom.js";
import { forgetShuffle } from "./pad.js";
import { showScreen, showSteps, textOf } from "./screen.js";
import { sound } from "./sound.js";
import { listen, post } from "./talk.js";
import { WORDS } from "./words.js";

// A finger that shakes may touch twice: for so long a new screen takes no touch.
const SETTLE_MILLISECONDS = 400;

const firstOne = firstLang();
let lang = firstOne;
let state = null;
let shown = null;
let busy = false;
let askedForTime = false;
// Said on the next screen, when this one goes at once.
let carried = "";

const main = byId("main");
const say = speaker(byId("say"));
const alertRegion = byId("alert");
const alarm = sound(byId("sound"));
const words = () => WORDS[lang];
const clock = countdown({ place: byId("time"), alert: alertRegion, more: () => moreTime() });

const setLang = langSwitch(byId("langs"), lang, (to) => useLang(to));

function useLang(to) {
  lang = to;
  sessionStorage.setItem("lang", to);
  setLang(to);
  if (state) draw({ focus: false });
}

/** The same screen with the same words: what was typed on it stays. */
const sameWords = (a, b) => a.name === b.name && JSON.stringify(a.text) === JSON.stringify(b.text);

function take(next) {
  const ends = typeof next.deadline_ms === "number" ? performance.now() + next.deadline_ms : null;
  const now = { ...next, ends };
  const before = state;
  state = now;
  const same = before !== null && sameWords(before, now) && (before.screen === now.screen || askedForTime);
  if (before?.visit && !now.visit) {
    // Nothing of this person stays for the next one, the language neither.
    forgetShuffle();
    if (lang !== firstOne) useLang(firstOne);
  }
  if (same) {
    if (askedForTime) say(words().moreTimeGiven);
    shown.update(now.extra);
  } else {
    draw({ focus: before !== null || now.name !== "idle" });
  }
  askedForTime = false;
  clock(now, words());
  alarm.ring(now.name === "take-card" && now.extra?.alarm === true);
}

function draw({ focus }) {
  shown?.leave();
  setBusy(false);
  note(carried);
  carried = "";
  shown = showScreen(state, lang, { choose, pin, staff, frame, noCamera, say });
  document.documentElement.lang = lang;
  document.title = words().title(textOf(state, lang).title);
  document.body.classList.toggle("alarmed", state.extra?.alarm === true);
  byId("brand").textContent = words().brand;
  byId("demo").textContent = words().demo(state.matcher ?? null);
  alarm.label(words());
  showSteps(byId("steps"), state.name, lang);
  main.replaceChildren(shown.element);
  main.dataset.fresh = "";
  setTimeout(() => delete main.dataset.fresh, SETTLE_MILLISECONDS);
  clock(state, words());
  if (focus) {
    shown.title.focus({ preventScroll: true });
    scrollTo(0, 0);
    if (state.extra?.alarm) alertRegion.textContent = textOf(state, lang).title;
  }
  shown.start();
}

function note(sentence) {
  const holder = byId("note");
  holder.textContent = sentence;
  holder.hidden = sentence === "";
}

function setBusy(now) {
  busy = now;
  main.toggleAttribute("aria-busy", now);
}

/** Sends what was chosen, once; the next screen comes by the events. */
async function send(path, body, headers) {
  if (busy) return;
  setBusy(true);
  const at = state;
  const answer = await post(path, body, headers);
  if (answer.ok || state !== at) return;
  setBusy(false);
  shown.again();
  note(answer.status === 409 ? words().stale : words().failed);
}

const choose = (key) => (key === "begin" ? send("/begin", {}) : send("/choose", { screen: state.screen, key }));
const pin = (digits) => send("/pin", { screen: state.screen, pin: digits });
const staff = (id, passcode) => send("/staff", { screen: state.screen, staff: id, passcode });
const frame = (picture) => toCamera(picture, {});

/** The screen shows while the card is still being read; only then is a picture awaited. */
async function toCamera(picture, headers) {
  const at = state.screen;
  for (;;) {
    const answer = await post("/frame", picture, { "X-Screen": String(at), ...headers });
    if (answer.error !== "not-offered" || state.screen !== at) return;
    await new Promise((done) => setTimeout(done, 250));
  }
}

function noCamera(why) {
  carried = words().camera.failed;
  return toCamera(new Blob([], { type: "image/x-portable-pixmap" }), { "X-Frame-Error": why });
}

async function moreTime() {
  if (busy) return;
  askedForTime = true;
  const answer = await post("/choose", { screen: state.screen, key: "more-time" });
  if (!answer.ok) askedForTime = false;
}

listen("kiosk", {
  state: take,
  line(up, other) {
    const holder = byId("line");
    // Nothing is typed for a machine that isn't there.
    main.inert = !up;
    if (holder.hidden === up && !other) return;
    holder.hidden = up;
    holder.textContent = up ? "" : other ? words().lineOther : words().lineDown;
    if (up) say(words().lineUp);
  },
});
