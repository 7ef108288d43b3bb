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
