// The time left on a screen that waits for a person: nothing is shown until 20 seconds before the end, then a plain
// warning with a key for more time (WCAG 2.2, 2.2.1). A screen reader hears it at 20 and at 10 seconds.

import { h } from "./dom.js";

const WARN_SECONDS = 20;
const SPOKEN = [20, 10];

// Screens that wait for somebody to decide or to do something. The others wait for the card or the centre, and
// what they show then comes by itself.
const FOR_PEOPLE = new Set([
  "place-card", "choose-method", "last-try", "enter-pin", "look-at-camera", "face-failed", "staff-check", "certificate-notice",
  "register", "consents", "consent", "prescription", "subsidies", "not-accepted",
]);

/** @param place where the warning goes. @param alert a region with role alert. @param more called when more time is asked for. */
export function countdown({ place, alert, more }) {
  let ends = null;
  let words = null;
  let canAsk = false;
  let spoken = Infinity;
  const text = h("span", { class: "time-text", "aria-hidden": "true" });
  const button = h("button", { type: "button", class: "button primary", "data-key": "more-time", on: { click: () => more() } });
  place.replaceChildren(text, button);
  place.hidden = true;

  const show = () => {
    const left = ends === null ? Infinity : Math.max(0, Math.ceil((ends - performance.now()) / 1000));
    const warn = left <= WARN_SECONDS;
    if (place.hidden === warn) {
      // The key goes away under the finger: the heading takes the focus, not the page's beginning.
      if (!warn && place.contains(document.activeElement)) document.querySelector("h1")?.focus();
      place.hidden = !warn;
      document.body.classList.toggle("hurry", warn);
    }
    if (!warn) {
      // Only what was said here: the region is also the alarm's.
      if (spoken !== Infinity) alert.textContent = "";
      spoken = Infinity;
      return;
    }
    text.textContent = words.secondsLeft(left);
    button.textContent = words.moreTime;
    button.hidden = !canAsk;
    const now = SPOKEN.find((at) => left <= at && at < spoken && left > at - 10);
    if (now !== undefined) {
      spoken = now;
      alert.textContent = canAsk ? `${words.secondsLeft(left)} ${words.moreTime}?` : words.secondsLeft(left);
    }
  };
  setInterval(show, 250);

  // `state.ends`: on this page's clock, or null.
  return (state, lang) => {
    words = lang;
    ends = FOR_PEOPLE.has(state.name) ? state.ends : null;
    canAsk = state.more_time === true;
    show();
  };
}
