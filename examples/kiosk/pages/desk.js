// The receptionist's view: whose card is placed, what the person sees, how it ended and what to say now.

import { DESK } from "./desk_words.js";
import { byId, firstLang, h, langSwitch, speaker } from "./dom.js";
import { get, listen, post } from "./talk.js";
import { textOf } from "./screen.js";

let lang = firstLang();
let people = [];
let phones = [];
// What the tray shows: cards or phones.
let kind = "cards";
let state = null;
let desk = { outcome: null, log: [], card: null, phone: null, settings: {} };
const words = () => DESK[lang];
const say = speaker(byId("say"));

const nameOf = (name, all = people) => {
  const one = all.find((known) => known.name === name);
  return one ? one[lang] : name;
};

async function tell(path, body) {
  const answer = await post(path, body);
  if (!answer.ok) say(`${words().refused} ${answer.error}`);
  return answer.ok;
}

/** Placing a card on a reader that nobody uses begins a check-in, as on a real one. One that lies there is taken first. */
async function place(person) {
  if (desk.card) await post("/remove", {});
  if (state?.visit !== true) await post("/begin", {});
  await tell("/place", { person });
}

/** A phone begins nothing: it counts when it comes while the check-in asks for one. One that is there is lifted first. */
async function hold(phone, identified) {
  if (desk.phone) await post("/lift", {});
  await tell("/hold", identified === undefined ? { phone } : { phone, identified });
}

const takesPhones = () => phones.length > 0 && desk.settings?.phones === true;

function drawWords() {
  document.documentElement.lang = lang;
  document.title = words().title;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = words()[element.dataset.word];
}

/** Cards or phones, where there is a reader for both. */
function drawKinds() {
  const holder = byId("kinds");
  const on = takesPhones();
  if (!on) kind = "cards";
  holder.hidden = !on;
  byId("hold-hint").hidden = kind !== "phones";
  byId("card-reader").hidden = kind !== "cards";
  byId("phone-reader").hidden = kind !== "phones";
  const had = holder.contains(document.activeElement);
  holder.replaceChildren(h("legend", { class: "unseen" }, words().kindsLabel), ...Object.entries(words().kinds).map(([value, label]) =>
    h("label", {}, h("input", { type: "radio", name: "kind", value, checked: value === kind, on: { change: () => show(value) } }), h("span", {}, label))));
  if (had) holder.querySelector(":checked")?.focus();
}

function show(value) {
  kind = value;
  drawKinds();
  drawPeople();
}

const placeKey = (person) => h("button", { type: "button", class: "button plain", "aria-label": words().placeOf(person[lang]), on: { click: () => place(person.name) } }, words().place);

/** An iPhone knows who holds it, or doesn't: both can be shown. */
function holdKeys(phone) {
  const key = (label, said, identified) => h("button", { type: "button", class: "button plain", "aria-label": said(phone[lang]), "data-identified": identified === undefined ? null : String(identified), on: { click: () => hold(phone.name, identified) } }, label);
  return h("div", { class: "hold-keys" }, key(words().hold, words().holdOf),
    phone.identifies ? key(words().holdUnknown, words().holdUnknownOf, false) : null);
}

function drawPeople() {
  const cards = kind === "cards";
  const all = cards ? people : phones;
  const there = cards ? desk.card : desk.phone;
  const wanted = byId("search").value.trim().toLowerCase();
  const found = all.filter((person) => `${person.name} ${person.ja} ${person.en}`.toLowerCase().includes(wanted));
  byId("tray-title").textContent = cards ? words().tray : words().phoneTray;
  byId("count").textContent = (cards ? words().found : words().foundPhones)(found.length, all.length);
  byId("people").replaceChildren(...found.map((person) =>
    h("li", { class: person.name === there ? "placed" : null, [cards ? "data-person" : "data-phone"]: person.name },
      h("div", { class: "who" },
        h("span", { class: "who-is" }, person[lang]),
        h("span", { class: "who-else", lang: lang === "ja" ? "en" : "ja" }, person[lang === "ja" ? "en" : "ja"]),
        h("span", { class: "who-name" }, [person.name, person.pin ? words().pin(person.pin) : null].filter(Boolean).join(" · "))),
      cards ? placeKey(person) : holdKeys(person))));
}

function drawReader() {
  byId("on-reader").textContent = desk.card ? words().placed(nameOf(desk.card)) : words().empty;
  byId("remove").disabled = !desk.card;
  byId("on-phone-reader").textContent = desk.phone ? words().held(nameOf(desk.phone, phones)) : words().noPhone;
  byId("lift").disabled = !desk.phone;
  byId("simulated").textContent = desk.simulated ? words().simulated(desk.simulated) : "";
}

function drawNow() {
  const holder = byId("now");
  if (!state || state.name === "idle") {
    holder.replaceChildren(h("p", {}, words().nobody));
    return;
  }
  const text = textOf(state, lang);
  holder.replaceChildren(h("div", { class: "seen", "data-screen": state.name },
    h("p", { class: "seen-title" }, text.title),
    // What an end tells the person is said below, with more.
    ["accepted", "not-accepted"].includes(state.name) ? null : text.body.map((line) => h("p", {}, line)),
    h("p", { class: "seen-name" }, words().screenName(state.name, state.screen))));
}

function factOf(name, value) {
  if (name === "copayment_tenths") return words().tenths(value);
  if (name === "birthdate") return words().day(value);
  if (name === "valid_until") return words().day(value.replaceAll("-", ""));
  if (name === "consents") return words().consented(value.filter((one) => one.given).map((one) => one[lang]));
  if (typeof value === "boolean") return value ? words().yes : words().no;
  return String(value);
}

function drawOutcome() {
  const outcome = desk.outcome;
  const holder = byId("outcome");
  holder.dataset.outcome = outcome === null ? "none" : outcome.accepted ? "accepted" : outcome.failure;
  if (outcome === null) {
    holder.replaceChildren();
    return;
  }
  const lines = outcome.lines[lang];
  const facts = Object.keys(words().fields).map((name) => [name, outcome.coverage?.[name]]).filter(([, value]) => value !== null && value !== undefined);
  holder.replaceChildren(
    h("p", { class: outcome.accepted ? "verdict good" : "verdict other" }, outcome.accepted ? words().accepted : words().notAccepted),
    h("p", { class: "cause" }, outcome.title[lang]),
    outcome.failure ? h("p", { class: "code" }, `${words().code}: `, h("code", {}, outcome.failure)) : "",
    facts.length > 0 ? h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, words().fields[name]), h("dd", {}, factOf(name, value))))) : "",
    lines.length > 0 ? h("h3", {}, outcome.accepted ? words().notes : words().readOut) : "",
    lines.length > 0 ? h("ul", { class: "lines" }, lines.map((line) => h("li", {}, line))) : "");
}

function drawSettings() {
  const holder = byId("settings");
  const was = document.activeElement?.id;
  const known = Object.entries(words().choices).filter(([name]) => desk.settings?.[name] !== undefined);
  holder.replaceChildren(...known.map(([name, [label, values]]) => {
    const id = `set-${name}`;
    const now = String(desk.settings[name]);
    const select = h("select", { id }, Object.entries(values).map(([value, text]) => h("option", { value, selected: value === now }, text)));
    select.addEventListener("change", () => {
      const value = select.value === "true" ? true : select.value === "false" ? false : select.value;
      tell("/settings", { [name]: value });
    });
    return h("div", {}, h("label", { for: id }, label), select);
  }));
  if (was?.startsWith("set-")) byId(was)?.focus();
}

/** What came with an event, in words; what has none here isn't shown. */
function detailOf(fields) {
  const said = Object.entries(fields ?? {})
    .filter(([name, value]) => words().details[name] && value !== null)
    .map(([name, value]) => words().details[name](words().values[value] ?? value));
  return said.length > 0 ? h("span", { class: "detail" }, said.join(" · ")) : null;
}

function drawLog() {
  const holder = byId("log");
  if (desk.log.length === 0) {
    holder.replaceChildren(h("li", { class: "none" }, words().noLog));
    return;
  }
  const clock = new Intl.DateTimeFormat("ja-JP", { timeStyle: "medium", timeZone: "Asia/Tokyo" });
  holder.replaceChildren(...desk.log.map(({ at, event, fields }) =>
    h("li", { "data-event": event }, h("time", { datetime: at }, clock.format(new Date(at))), " ", h("span", {}, words().events[event] ?? event), detailOf(fields))));
  holder.scrollTop = holder.scrollHeight;
}

function drawAll() {
  drawWords();
  drawKinds();
  drawPeople();
  drawReader();
  drawNow();
  drawOutcome();
  drawSettings();
  drawLog();
}

langSwitch(byId("langs"), lang, (to) => {
  lang = to;
  sessionStorage.setItem("lang", to);
  drawAll();
});
byId("search").addEventListener("input", drawPeople);
byId("remove").addEventListener("click", () => tell("/remove", {}));
byId("lift").addEventListener("click", () => tell("/lift", {}));

drawAll();
[people, phones] = await Promise.all([get("/people"), get("/phones")]);
drawPeople();

listen("desk", {
  state(next) {
    const same = state !== null && state.screen === next.screen && state.name === next.name;
    state = next;
    if (!same) drawNow();
  },
  desk(next) {
    const before = desk;
    desk = next;
    const changed = (part) => JSON.stringify(before[part]) !== JSON.stringify(next[part]);
    drawReader();
    if (changed("card") || changed("phone")) {
      for (const { classList, dataset } of byId("people").children) {
        classList.toggle("placed", dataset.phone ? dataset.phone === next.phone : dataset.person === next.card);
      }
    }
    if (before.settings?.phones !== next.settings.phones) {
      drawKinds();
      drawPeople();
    }
    if (changed("outcome")) drawOutcome();
    if (changed("settings")) drawSettings();
    if (changed("log")) drawLog();
  },
  line(up, other) {
    byId("line").hidden = up;
    byId("line").textContent = up ? "" : other ? words().lineOther : words().lineDown;
  },
});
