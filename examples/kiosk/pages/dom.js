// Small helpers to build a page. Text goes in as text, never as markup.

/** An element. `props`: attributes; `on` has the listeners; null and false leave an attribute out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** One of our own drawings. `markup` is a constant of art.js, never anything that came from outside. */
export function drawing(markup, label = null) {
  const holder = document.createElement("template");
  holder.innerHTML = markup;
  const svg = holder.content.firstElementChild;
  svg.setAttribute("focusable", "false");
  if (label === null) {
    svg.setAttribute("aria-hidden", "true");
  } else {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  }
  return svg;
}

// What belongs together though a browser would break it: dates, counts, and a particle that it cuts in two.
const TOGETHER = /(\d+年\d+月\d+日|\d{1,2} [A-Z][a-z]+ \d{4}|あと\d+回|\d-digit|として)/;

/** A sentence of the server, to put into an element. */
export const sentence = (text) => text.split(TOGETHER).map((part) => (TOGETHER.test(part) ? h("span", { class: "together" }, part) : part));

/** `ja` for a line in Japanese among English ones, such as a name, so that it is spoken as what it is. */
export const langOf = (text, around) => (around === "en" && /[\u3040-\u30ff\u4e00-\u9fff]/.test(text) && !/[A-Za-z]{3}/.test(text) ? "ja" : null);

export const byId = (id) => document.getElementById(id);

/** Says it to a screen reader. The same sentence twice is said twice. */
export function speaker(region) {
  return (sentence) => {
    region.replaceChildren(h("span", {}, sentence));
  };
}

/** The language that the address asks for, or the one kept for this tab, or Japanese. */
export function firstLang() {
  const asked = new URLSearchParams(location.search).get("lang");
  const lang = asked ?? sessionStorage.getItem("lang");
  return lang === "en" ? "en" : "ja";
}

/** The two buttons that switch the language. `change(lang)` is called when it is another one. */
export function langSwitch(holder, lang, change) {
  const buttons = [["ja", "日本語"], ["en", "English"]].map(([code, label]) =>
    h("button", { type: "button", class: "lang", lang: code, "data-lang": code, "aria-pressed": String(code === lang) }, label));
  const show = (now) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.lang === now));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      show(button.dataset.lang);
      change(button.dataset.lang);
    });
  }
  holder.replaceChildren(...buttons);
  return show;
}
