// Pictures of every screen in both languages, of the desk and of the guide:
//   node examples/kiosk/browser/screens.mjs OUT_DIR [--size 1280x800] [--only PREFIX]
// Without a size: 1080x1920, 1280x800, and 320x640 for a page that is zoomed in. Fails if a picture can't be made, or
// if a screen is wider than the glass.

import { mkdirSync } from "node:fs";
import { startBrowser, startKiosk } from "./support.mjs";

const [out, ...options] = process.argv.slice(2);
if (!out || out.startsWith("--")) {
  console.error("usage: node screens.mjs OUT_DIR [--size WxH] [--only PREFIX]");
  process.exit(64);
}
const option = (name) => (options.includes(name) ? options[options.indexOf(name) + 1] : null);
const sizes = (option("--size") ? [option("--size")] : ["1080x1920", "1280x800", "320x640"]).map((size) => size.split("x").map(Number));
const only = option("--only") ?? "";

const [kiosk, browser] = await Promise.all([startKiosk("--card", "instant"), startBrowser()]);
const begun = Date.now();
const problems = [];
let made = 0;
try {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  await context.grantPermissions(["camera"], { origin: kiosk.origin });
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(error.message));
  await page.goto(kiosk.enter);
  const screens = await page.evaluate(() => fetch("/screens").then((answer) => answer.json()));
  const shots = [];
  for (const lang of ["ja", "en"]) {
    for (const name of ["idle", ...screens.map(({ example }) => example)]) shots.push([`${lang}-${name}`, `/gallery?screen=${encodeURIComponent(name)}&lang=${lang}`, "body[data-ready]"]);
    shots.push([`${lang}-desk`, `/desk?lang=${lang}`, "[data-person]"]);
    shots.push([`${lang}-desk-phones`, `/desk?lang=${lang}`, "[data-person]", '#kinds input[value="phones"]']);
    for (let step = 1; step <= 9; step += 1) shots.push([`${lang}-guide-${step}`, `/guide?lang=${lang}&step=${step}`, "body[data-ready]"]);
    for (let step = 1; step <= 6; step += 1) shots.push([`${lang}-guide-phone-${step}`, `/guide?lang=${lang}&way=phone&step=${step}`, "body[data-ready]"]);
  }
  for (const [width, height] of sizes) {
    const folder = `${out}/${width}x${height}`;
    mkdirSync(folder, { recursive: true });
    await page.setViewportSize({ width, height });
    for (const [name, path, ready, press] of shots) {
      if (!name.includes(only)) continue;
      await page.goto(kiosk.origin + path);
      await page.locator(ready).first().waitFor();
      if (press) await page.locator(press).check();
      await page.evaluate(() => document.fonts.ready);
      if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) problems.push(`${name} is wider than ${width} px`);
      await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
      made += 1;
    }
  }
} finally {
  await browser.close();
  await kiosk.stop();
}
console.log(`${made} pictures in ${out}, ${Math.round((Date.now() - begun) / 1000)} s`);
for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);
