// The guide: the whole visit to look at, step by step. It reads the list of example screens and sends nothing.

import { art } from "./art.js";
import { byId, drawing, firstLang, h, langSwitch } from "./dom.js";
import { GUIDE, STEPS } from "./guide_steps.js";
import { get } from "./talk.js";

const EACH_MILLISECONDS = 9000;

const asked = new URLSearchParams(location.search);

let lang = firstLang();
let way = ["face", "phone"].find((known) => known === asked.get("way")) ?? "pin";
let lies = "flat";
let at = (Number.parseInt(asked.get("step") ?? "1", 10) || 1) - 1;
let playing = 0;
let samples = [];

const words = () => GUIDE[lang];
const steps = () => STEPS.filter((step) => !step.ways || step.ways.includes(way));

/** The screen as the check-in would show it then: its words, in a small frame. */
function preview(screen, fitting = {}) {
  const sample = samples.find((one) => one.name === screen && Object.entries(fitting).every(([name, value]) => one.extra[name] === value));
  if (!sample) return null;
  const text = sample.text[lang];
  return h("figure", { class: "preview" },
    h("figcaption", {}, words().preview),
    h("div", { class: "glass" },
      h("p", { class: "glass-title" }, text.title),
      text.body.slice(0, 2).map((line) => h("p", {}, line)),
      h("div", { class: "glass-keys" }, text.choices.map((choice) => h("span", { class: "glass-key" }, choice.label)))));
}

function drawStep() {
  const all = steps();
  at = Math.max(0, Math.min(at, all.length - 1));
  const step = all[at];
  const told = step[lang];
  // A phone isn't laid down.
  byId("readers").hidden = way === "phone";
  const upright = step.lies && lies === "upright";
  byId("step").replaceChildren(
    h("div", { class: "picture" }, drawing(art(upright ? `${step.art}-upright` : step.art), (upright && told.upright) || told.picture)),
    h("div", { class: "told" },
      h("p", { class: "of" }, words().of(at + 1, all.length)),
      h("h2", { id: "step-title", tabindex: "-1" }, told.title),
      told.lines.map((line) => h("p", {}, line)),
      step.screen ? preview(step.screen, step.fitting) : null));
  byId("step").dataset.step = step.id;
  document.title = `${told.title}｜${words().brand}`;
  byId("steps").replaceChildren(...all.map((one, index) =>
    h("li", {}, h("button", { type: "button", class: "dot", "aria-label": `${index + 1}. ${one[lang].title}`, "aria-current": index === at ? "step" : null, on: { click: () => go(index) } }, String(index + 1)))));
  byId("prev").textContent = words().prev;
  byId("prev").setAttribute("aria-disabled", String(at === 0));
  byId("next").textContent = at === all.length - 1 ? words().first : words().next;
}

/** Redrawn numbers lose the focus: it goes back to the one that had it. */
function go(to) {
  const on = [...byId("steps").querySelectorAll("button")].indexOf(document.activeElement);
  at = Math.max(0, Math.min(steps().length - 1, to));
  drawStep();
  if (on >= 0) byId("steps").querySelectorAll("button")[at].focus();
}

const next = () => go(at === steps().length - 1 ? 0 : at + 1);

function play(on) {
  clearInterval(playing);
  playing = on ? setInterval(() => (at === steps().length - 1 ? play(false) : next()), EACH_MILLISECONDS) : 0;
  byId("play").setAttribute("aria-pressed", String(on));
  byId("play").textContent = on ? words().pause : words().play;
}

function drawChoice(holder, name, now, change) {
  const { legend, ...options } = words()[name];
  holder.replaceChildren(h("legend", {}, legend), ...Object.entries(options).map(([value, label]) =>
    h("label", {}, h("input", { type: "radio", name, value, checked: value === now, on: { change: () => change(value) } }), h("span", {}, label))));
}

function drawAll() {
  document.documentElement.lang = lang;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = words()[element.dataset.word];
  byId("back").href = `/?lang=${lang}`;
  drawChoice(byId("ways"), "ways", way, (value) => {
    way = value;
    drawStep();
  });
  drawChoice(byId("readers"), "readers", lies, (value) => {
    lies = value;
    drawStep();
  });
  play(playing !== 0);
  drawStep();
}

byId("prev").addEventListener("click", () => {
  play(false);
  go(at - 1);
});
byId("next").addEventListener("click", () => {
  play(false);
  next();
});
byId("play").addEventListener("click", () => {
  if (playing === 0 && at === steps().length - 1) go(0);
  play(playing === 0);
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target instanceof HTMLInputElement) return;
  if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
  play(false);
  if (event.key === "ArrowLeft") go(at - 1);
  else next();
  event.preventDefault();
});
langSwitch(byId("langs"), lang, (to) => {
  lang = to;
  sessionStorage.setItem("lang", to);
  drawAll();
});

drawAll();
samples = await get("/screens").catch(() => []);
drawStep();
document.body.dataset.ready = "guide";
