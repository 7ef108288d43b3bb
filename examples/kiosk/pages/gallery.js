// Every screen by itself, as the check-in would show it, with nothing behind its keys: `/gallery?screen=NAME&lang=ja`.
// Without a name it lists them.

import { byId, firstLang, h, langSwitch, speaker } from "./dom.js";
import { showScreen, showSteps, textOf } from "./screen.js";
import { get } from "./talk.js";
import { WORDS } from "./words.js";

const IDLE = { name: "idle", sample: "idle", extra: {}, text: null };
const nothing = () => {};

const asState = ({ example, name, extra, text }) => ({ sample: example, name, extra, text });

let lang = firstLang();
const samples = [IDLE, ...(await get("/screens")).map(asState)];
const wanted = new URLSearchParams(location.search).get("screen");
const at = samples.findIndex((sample) => sample.sample === wanted);
const link = (sample, label) => h("a", { class: "small", href: `/gallery?screen=${encodeURIComponent(sample.sample)}&lang=${lang}` }, label);

function draw() {
  document.documentElement.lang = lang;
  byId("brand").textContent = WORDS[lang].brand;
  byId("demo").textContent = WORDS[lang].demo(null);
  if (at < 0) {
    byId("main").replaceChildren(h("div", { class: "screen" },
      h("h1", { class: "title" }, lang === "ja" ? "画面の一覧" : "All screens"),
      h("ul", {}, samples.map((sample) => h("li", {}, link(sample, `${sample.sample}: ${textOf(sample, lang).title}`))))));
    return;
  }
  const state = samples[at];
  const shown = showScreen(state, lang, { choose: nothing, pin: nothing, staff: nothing, frame: nothing, noCamera: nothing, say: speaker(byId("say")) });
  document.title = WORDS[lang].title(textOf(state, lang).title);
  document.body.classList.toggle("alarmed", state.extra.alarm === true);
  showSteps(byId("steps"), state.name, lang);
  byId("main").replaceChildren(shown.element);
  byId("around").replaceChildren(
    ...(at > 0 ? [link(samples[at - 1], "←")] : []),
    ...(at + 1 < samples.length ? [link(samples[at + 1], "→")] : []));
  document.body.dataset.ready = state.sample;
}

langSwitch(byId("langs"), lang, (to) => {
  lang = to;
  draw();
});
draw();
