// The receptionist's view: whose card is placed, what the person sees, how it ended and what to say now.

import { DESK } from "./desk_words.js";
import { byId, firstLang, h, langSwitch, speaker } from "./dom.js";
import { get, listen, post } from "./talk.js";
import { textOf } from "./screen.js";

let lang = firstLang();
let people = [];
let state = null;
let desk = { outcome: null, log: [], card: null, settings: {} };
const words = () => DESK[lang];
const say = speaker(byId("say"));

const nameOf = (name) => {
  const person = people.find((one) => one.name === name);
  return person ? person[lang] : name;
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

function drawWords() {
  document.documentElement.lang = lang;
  document.title = words().title;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = words()[element.dataset.word];
}

function drawPeople() {
  const wanted = byId("search").value.trim().toLowerCase();
  const found = people.filter((person) => `${person.name} ${person.ja} ${person.en}`.toLowerCase().includes(wanted));
  byId("count").textContent = words().found(found.length, people.length);
  byId("people").replaceChildren(...found.map((person) =>
    h("li", { class: person.name === desk.card ? "placed" : null, "data-person": person.name },
      h("div", { class: "who" },
        h("span", { class: "who-is" }, person[lang]),
        h("span", { class: "who-else", lang: lang === "ja" ? "en" : "ja" }, person[lang === "ja" ? "en" : "ja"]),
        h("span", { class: "who-name" }, [person.name, person.pin ? words().pin(person.pin) : null].filter(Boolean).join(" · "))),
      h("button", { type: "button", class: "button plain", "aria-label": words().placeOf(person[lang]), on: { click: () => place(person.name) } }, words().place))));
}

function drawReader() {
  byId("on-reader").textContent = desk.card ? words().placed(nameOf(desk.card)) : words().empty;
  byId("remove").disabled = !desk.card;
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

drawAll();
people = await get("/people");
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
    if (changed("card")) {
      for (const item of byId("people").children) item.classList.toggle("placed", item.dataset.person === next.card);
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
