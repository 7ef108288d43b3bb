// Shows one screen of the check-in. The words and the keys are the server's; here is only how they look.

import { artOf, ICONS } from "./art.js";
import { camera } from "./camera.js";
import { drawing, h, langOf, sentence } from "./dom.js";
import { pinPad } from "./pad.js";
import { WORDS, idleText } from "./words.js";

const STEP_OF = {
  idle: 0, beginning: 0, "place-card": 0, "reading-card": 0, "choose-phone": 0,
  "tap-phone": 1, "reading-phone": 1, "choose-method": 1, "last-try": 1, "enter-pin": 1, "checking-pin": 1, "look-at-camera": 1, "face-failed": 1, "card-face-unreadable": 1, "staff-check": 1,
  "certificate-notice": 2, asking: 2, register: 2, consents: 2, consent: 2, prescription: 2, subsidies: 2,
  accepted: 3, "take-card": 3, "not-accepted": null,
};

// Keys that lead on where there is one plain way. Where a person decides something, all keys look alike.
const PRIMARY = {
  "certificate-notice": "yes", register: "yes", "face-failed": "yes", "card-face-unreadable": "yes", accepted: "yes", "not-accepted": "yes", "staff-check": "staff-confirms",
};
const QUIET = new Set(["cancel"]);
const TILES = { "choose-phone": ["android", "iphone"], "choose-method": ["face", "pin", "staff"], prescription: ["electronic", "paper"] };

/** The step that a screen belongs to, from 0; null where there is none. */
export const stepOf = (name) => STEP_OF[name] ?? null;

export const textOf = (state, lang) => (state.name === "idle" ? idleText(lang) : state.text[lang]);

/** Lines that begin with a number are a list of things to do. */
function body(lines, screen, extra, lang) {
  const parts = [];
  let list = null;
  lines.forEach((line, at) => {
    const numbered = /^\d+\. (.*)$/s.exec(line);
    if (numbered) {
      list ??= parts[parts.push(h("ol", { class: "todo" })) - 1];
      list.append(h("li", {}, sentence(numbered[1])));
    } else {
      list = null;
      const last = at === lines.length - 1;
      const look = screen === "accepted" && at === 0 ? "name"
        // Of a phone the tries aren't known before it is there, and then no line says them.
        : screen === "enter-pin" && last && typeof extra.tries_left === "number" ? (extra.tries_left < 3 ? "tries few" : "tries")
        : extra.wrong === true && at === 0 ? "wrong"
        : at === 0 && extra.again ? "again" : null;
      parts.push(h("p", { class: look, lang: langOf(line, lang) }, sentence(line)));
    }
  });
  return h("div", { class: "body", id: "body" }, parts);
}

function keyOf(choice, screen, words, press) {
  const tile = TILES[screen]?.includes(choice.key);
  const look = tile ? "tile" : PRIMARY[screen] === choice.key ? "primary" : QUIET.has(choice.key) ? "quiet" : "plain";
  const hint = tile ? words.methodHints[choice.key] : null;
  return h("button", { type: "button", class: `button ${look}`, "data-key": choice.key, on: { click: () => press(choice.key) } },
    (tile || choice.key === "phone") && ICONS[choice.key] ? drawing(ICONS[choice.key]) : null,
    hint ? h("span", { class: "tile-words" }, h("span", { class: "tile-name" }, choice.label), h("span", { class: "tile-hint" }, hint)) : choice.label);
}

function reading(words, say) {
  const bar = h("div", { class: "bar-fill" });
  const track = h("div", { class: "bar", role: "progressbar", "aria-label": words.progressLabel, "aria-valuemin": "0", "aria-valuemax": "100" }, bar);
  let said = 0;
  const update = (extra) => {
    const { read = 0, total = 0 } = extra?.progress ?? {};
    track.classList.toggle("endless", total === 0);
    if (total === 0) {
      track.removeAttribute("aria-valuenow");
      return;
    }
    const percent = Math.min(100, Math.floor((100 * read) / total));
    track.setAttribute("aria-valuenow", String(percent));
    bar.style.width = `${percent}%`;
    const quarter = Math.floor(percent / 25) * 25;
    if (quarter > said) {
      said = quarter;
      say(words.progress(quarter));
    }
  };
  return { element: track, update };
}

function staffForm(words, wrong, send) {
  const problem = h("p", { class: "problem", role: "alert" });
  // A browser keeps what is typed into a password field, whatever "off" says; a code that is good once it doesn't.
  const staff = h("input", { type: "text", id: "staff-id", autocomplete: "one-time-code", autocapitalize: "none", spellcheck: "false", maxlength: "32" });
  const passcode = h("input", { type: "password", id: "passcode", autocomplete: "one-time-code", maxlength: "64", "aria-invalid": wrong ? "true" : null });
  const submit = () => {
    const empty = staff.value.trim() === "" ? staff : passcode.value === "" ? passcode : null;
    if (empty) {
      problem.textContent = empty === staff ? words.needStaffId : words.needPasscode;
      empty.focus();
      return;
    }
    problem.textContent = "";
    const typed = passcode.value;
    passcode.value = "";
    send(staff.value.trim(), typed);
  };
  const element = h("form", { class: "staff", novalidate: true, on: { submit: (event) => { event.preventDefault(); submit(); } } },
    h("p", { class: "staff-only" }, words.staffOnly),
    h("label", { for: "staff-id" }, words.staffId), staff,
    h("label", { for: "passcode" }, words.passcode), passcode,
    problem,
    // Enter in a field sends the form only where it has a button for it.
    h("button", { type: "submit", class: "unseen", tabindex: "-1", "aria-hidden": "true" }));
  return { element, submit };
}

/**
 * Builds the screen. `act`: choose(key), pin(digits), staff(id, passcode), frame(picture), noCamera(why), say(sentence).
 * `still`: a picture of the screen only; no camera, no keys of a keyboard.
 */
export function showScreen(state, lang, act, still = false) {
  const words = WORDS[lang];
  const text = textOf(state, lang);
  const extra = state.extra ?? {};
  const name = state.name;
  const title = h(still ? "p" : "h1", { id: still ? null : "title", class: "title", tabindex: still ? null : "-1", "aria-describedby": still ? null : "body" }, sentence(text.title));
  const said = h("div", { class: "words" }, title, body(text.body, name, extra, lang));
  if (still) said.querySelector("#body").removeAttribute("id");
  const work = h("div", { class: "work" });
  const choices = h("div", { class: "choices" });
  let picture = h("div", { class: "picture" }, drawing(artOf(name, extra)));
  let update = () => {};
  let leave = () => {};
  let again = () => {};
  let start = () => {};
  let rest = text.choices;
  let press = act.choose;

  if (name === "idle") {
    choices.append(
      h("button", { type: "button", class: "button primary huge", "data-key": "begin", on: { click: () => act.choose("begin") } }, words.begin),
      h("a", { class: "button plain", href: `/guide?lang=${lang}` }, words.seeGuide));
  } else if (name === "reading-card" || name === "reading-phone") {
    const bar = reading(words, act.say);
    work.append(bar.element);
    update = bar.update;
    update(extra);
  } else if (name === "enter-pin") {
    const sendKey = text.choices.find((choice) => choice.key === "enter-pin");
    const pad = pinPad({ words, sendLabel: sendKey?.label ?? "OK", send: act.pin, say: act.say });
    if (still) pad.leave();
    said.append(pad.dots);
    work.append(pad.element);
    rest = rest.filter((choice) => choice !== sendKey);
    ({ leave, again } = pad);
    picture = null;
  } else if (name === "look-at-camera" && !still) {
    const lens = camera({ words: words.camera, send: act.frame, failed: act.noCamera, say: act.say });
    picture = lens.element;
    ({ leave, start } = lens);
  } else if (name === "staff-check") {
    const form = staffForm(words, extra.wrong === true, act.staff);
    if (still) for (const input of form.element.querySelectorAll("input")) input.removeAttribute("id");
    work.append(form.element);
    press = (key) => (key === "staff-confirms" ? form.submit() : act.choose(key));
  }

  // The ways first, large, then what isn't one.
  const tiles = rest.filter((choice) => TILES[name]?.includes(choice.key));
  const others = rest.filter((choice) => !tiles.includes(choice));
  if (tiles.length > 0) choices.append(h("div", { class: "tiles" }, tiles.map((choice) => keyOf(choice, name, words, press))));
  choices.append(...others.map((choice) => keyOf(choice, name, words, press)));
  const parts = [said, work, choices].filter((part) => part.childElementCount > 0);
  const element = h("section", { class: `screen screen-${name}${extra.alarm ? " alarm" : ""}`, "data-screen": name, lang },
    picture, name === "enter-pin" ? parts : h("div", { class: "side" }, parts));
  return { element, title, start, update, leave, again };
}

/** Where the visit is: the steps above the screen. */
export function showSteps(holder, name, lang) {
  const now = stepOf(name);
  const words = WORDS[lang];
  holder.hidden = now === null;
  holder.setAttribute("aria-label", words.stepsLabel);
  holder.replaceChildren(...words.steps.map((step, at) =>
    h("li", { class: now !== null && at < now ? "done" : null, "aria-current": at === now ? "step" : null }, h("span", { class: "step-number", "aria-hidden": "true" }, String(at + 1)), h("span", { class: "step-name" }, step))));
}
