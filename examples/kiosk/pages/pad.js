// The pad for the PIN. What is typed lives in one array of this module, never in the document: the page shows only how
// many digits there are. It is emptied as soon as it was sent, and whenever the screen goes.

import { drawing, h } from "./dom.js";
import { ICONS } from "./art.js";

const LENGTH = 4;
const IN_ORDER = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];

// Whether this person wants the keys in another order; put back for the next one.
let wantsShuffle = false;

export function forgetShuffle() {
  wantsShuffle = false;
}

/** Every order is equally likely: Fisher and Yates, and a number of 32 bits is drawn again where it would favour some. */
function shuffled() {
  const order = [...IN_ORDER];
  const draw = new Uint32Array(1);
  for (let last = order.length - 1; last > 0; last -= 1) {
    const fair = 2 ** 32 - (2 ** 32 % (last + 1));
    do crypto.getRandomValues(draw); while (draw[0] >= fair);
    const other = draw[0] % (last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/**
 * @param words the page's words
 * @param sendLabel what the key that sends says
 * @param send called once with the PIN
 * @param say says something to a screen reader
 */
export function pinPad({ words, sendLabel, send, say }) {
  let typed = [];
  let sent = false;

  const marks = Array.from({ length: LENGTH }, () => h("span", { class: "dot" }));
  const shown = h("div", { class: "dots", role: "img", "aria-label": words.typed(0) }, marks);
  const hint = h("p", { class: "pad-hint", id: "pad-hint" });
  const keys = IN_ORDER.map(() => h("button", { type: "button", class: "key", "aria-describedby": "pad-hint" }));
  const erase = h("button", { type: "button", class: "key key-tool", "aria-label": words.erase, title: words.erase }, drawing(ICONS.erase));
  const shuffle = h("button", { type: "button", class: "key key-tool", "aria-pressed": "false", "aria-label": words.shuffle, title: words.shuffle }, drawing(ICONS.shuffle));
  const ok = h("button", { type: "button", class: "button primary pad-ok", "data-key": "enter-pin" }, sendLabel);

  const show = () => {
    marks.forEach((mark, at) => mark.classList.toggle("full", at < typed.length));
    shown.setAttribute("aria-label", words.typed(typed.length));
    ok.setAttribute("aria-disabled", String(typed.length < LENGTH || sent));
    if (typed.length === LENGTH) hint.textContent = "";
  };
  const press = (digit) => {
    if (sent || typed.length >= LENGTH) return;
    typed.push(digit);
    show();
    say(words.typed(typed.length));
  };
  const back = () => {
    if (sent || typed.length === 0) return;
    typed.pop();
    show();
    say(words.erased(typed.length));
  };
  const clear = () => {
    typed.fill("");
    typed = [];
    show();
  };
  const submit = () => {
    if (sent) return;
    if (typed.length < LENGTH) {
      hint.textContent = words.missing(LENGTH - typed.length);
      say(hint.textContent);
      return;
    }
    sent = true;
    const pin = typed.join("");
    clear();
    send(pin);
  };
  const lay = () => {
    const order = wantsShuffle ? shuffled() : IN_ORDER;
    keys.forEach((key, at) => {
      key.textContent = order[at];
    });
    shuffle.setAttribute("aria-pressed", String(wantsShuffle));
    return order;
  };

  keys.forEach((key) => key.addEventListener("click", () => press(key.textContent)));
  erase.addEventListener("click", back);
  ok.addEventListener("click", submit);
  shuffle.addEventListener("click", () => {
    wantsShuffle = !wantsShuffle;
    const order = lay();
    say(wantsShuffle ? words.shuffled(order.join(" ")) : words.unshuffled);
  });

  // A keyboard works without moving to the keys first; Enter on a button stays that button's.
  const onKey = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.target instanceof HTMLInputElement || document.querySelector("main[inert]")) return;
    if (/^[0-9]$/.test(event.key)) {
      press(event.key);
    } else if (event.key === "Backspace" || event.key === "Delete") {
      back();
    } else if (event.key === "Enter" && !event.target.closest?.("button, a")) {
      submit();
    } else {
      return;
    }
    event.preventDefault();
  };
  document.addEventListener("keydown", onKey);

  lay();
  show();
  return {
    dots: h("div", { class: "dots-row" }, shown),
    element: h("div", { class: "pad" },
      h("div", { class: "keys", role: "group", "aria-label": words.padLabel }, keys.slice(0, 9), shuffle, keys[9], erase),
      hint, ok),
    /** The PIN wasn't taken: type again. */
    again() {
      sent = false;
      clear();
    },
    leave() {
      document.removeEventListener("keydown", onKey);
      clear();
    },
  };
}
