// axe-core on every screen, in both languages, and on the desk and the guide: no serious and no critical finding.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { PATIENCE, startBrowser, startKiosk } from "./support.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }, resultTypes: ["violations"] };

let kiosk, browser, page, screens;

before(async () => {
  [kiosk, browser] = await Promise.all([startKiosk("--card", "instant"), startBrowser()]);
  // axe is put into the page, which the page's own policy wouldn't allow.
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  context.setDefaultTimeout(PATIENCE);
  page = await context.newPage();
  await page.goto(kiosk.enter);
  screens = await page.evaluate(() => fetch("/screens").then((answer) => answer.json()));
});
after(async () => {
  await browser?.close();
  await kiosk?.stop();
});

async function findings(path, ready, press) {
  await page.goto(kiosk.origin + path);
  await page.locator(ready).first().waitFor();
  if (press) await page.locator(press).check();
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((rules) => globalThis.axe.run(document, rules), RULES);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, impact, nodes }) => `${path}: ${impact} ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

/** One of each kind of screen: those of one kind differ in their words only. */
function kinds() {
  const seen = new Set();
  return screens.filter(({ name, extra, text }) => {
    const kind = JSON.stringify([name, extra.alarm, extra.wrong, extra.again, extra.kind, text.ja.choices.map(({ key }) => key)]);
    return !seen.has(kind) && seen.add(kind);
  });
}

for (const lang of ["ja", "en"]) {
  test(`every screen, ${lang}`, async () => {
    const found = [];
    const chosen = ["idle", ...kinds().map(({ example }) => example)];
    const names = new Set(screens.map(({ name }) => name));
    for (const name of names) assert.ok(screens.some((one) => one.name === name && chosen.includes(one.example)), name);
    for (const example of chosen) found.push(...await findings(`/gallery?screen=${encodeURIComponent(example)}&lang=${lang}`, "body[data-ready]"));
    assert.deepEqual(found, []);
    console.log(`${chosen.length} screens of ${names.size + 1} kinds, ${lang}`);
  });

  test(`kiosk, desk, guide and list, ${lang}`, async () => {
    const found = [...await findings(`/?lang=${lang}`, "[data-screen]"), ...await findings(`/desk?lang=${lang}`, "[data-person]"), ...await findings(`/gallery?lang=${lang}`, "main li")];
    found.push(...await findings(`/desk?lang=${lang}`, "[data-person]", '#kinds input[value="phones"]'));
    for (let step = 1; step <= 9; step += 1) found.push(...await findings(`/guide?lang=${lang}&step=${step}`, "body[data-ready]"));
    for (let step = 1; step <= 6; step += 1) found.push(...await findings(`/guide?lang=${lang}&way=phone&step=${step}`, "body[data-ready]"));
    assert.deepEqual(found, []);
  });
}

test("at every size: nothing to scroll sideways, and keys of 44 px and more", async () => {
  const found = [];
  // 320 wide is a page of 1280 at 400 percent.
  for (const [width, height, lang] of [[320, 256, "en"], [320, 640, "ja"], [1080, 1920, "en"], [1280, 800, "ja"]]) {
    await page.setViewportSize({ width, height });
    for (const path of [...kinds().map(({ example }) => `/gallery?screen=${encodeURIComponent(example)}&lang=${lang}`), `/?lang=${lang}`, `/desk?lang=${lang}`, `/desk?phones&lang=${lang}`, `/guide?lang=${lang}&step=5`, `/guide?lang=${lang}&way=phone&step=2`]) {
      await page.goto(kiosk.origin + path);
      await page.locator("body[data-ready], [data-screen], [data-person]").first().waitFor();
      if (path.startsWith("/desk?phones")) await page.locator('#kinds input[value="phones"]').check();
      found.push(...(await page.evaluate(() => {
        const wide = document.documentElement.scrollWidth - innerWidth;
        const small = [...document.querySelectorAll("button:not(.unseen), a, select, input:not([type=radio]), fieldset label")]
          .filter((element) => element.checkVisibility())
          .map((element) => [element.outerHTML.slice(0, 80), element.getBoundingClientRect()])
          .filter(([, box]) => box.width < 44 || box.height < 44)
          .map(([html, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${html}`);
        return wide > 0 ? [`${wide} px too wide`, ...small] : small;
      })).map((what) => `${path} at ${width}×${height}: ${what}`));
    }
  }
  assert.deepEqual(found, []);
});
