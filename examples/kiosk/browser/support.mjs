// Starts the kiosk and Chromium, and says in a few words what a person does with them. Waits for conditions only.

import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
// The machine may be busy with other things: a wait ends when its condition holds, this is only its limit.
export const PATIENCE = 60_000;

/** `KIOSK`, or the program that was built last. */
function program() {
  if (process.env.KIOSK) return process.env.KIOSK;
  const built = ["release", "debug"].map((profile) => `${ROOT}target/${profile}/kiosk`).filter(existsSync);
  if (built.length === 0) throw new Error("no kiosk: cargo build -p kiosk, or set KIOSK");
  return built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

/** Runs the kiosk on a free port; resolves when it has said its addresses. */
export async function startKiosk(...options) {
  const child = spawn(program(), ["--port", "0", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((done) => child.once("exit", done));
  const address = await new Promise((found, failed) => {
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`the kiosk ended with ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const url = /http:\S+\/enter\?\S+/.exec(line);
      if (url) found(new URL(url[0]));
    });
  });
  return {
    origin: address.origin,
    enter: address.href,
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Chromium with a camera that shows a moving picture, and with whatever else is asked for. */
export const startBrowser = (...args) => chromium.launch({
  executablePath: CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", ...args],
});

/** The kiosk's page and the desk beside it, in one browser: as at a reception. */
export async function reception(browser, kiosk, { lang = "ja", camera = true, hurried = false } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  context.setDefaultTimeout(PATIENCE);
  if (camera) await context.grantPermissions(["camera"], { origin: kiosk.origin });
  if (hurried) {
    // The seconds before a picture is taken pass at once.
    await context.addInitScript(() => {
      const wait = window.setTimeout;
      window.setTimeout = (work, time, ...words) => wait(work, time === 1000 ? 100 : time, ...words);
    });
  }
  const page = await context.newPage();
  const faults = [];
  const watch = (watched, name) => {
    watched.on("pageerror", (error) => faults.push(`${name}: ${error.message}`));
    watched.on("console", (line) => {
      // A refusal that a test asks for is in the console too; a policy that was broken is a fault of the page.
      if (line.type() === "error" && /Content Security Policy|Uncaught/.test(line.text())) faults.push(`${name}: ${line.text()}`);
    });
  };
  watch(page, "kiosk");
  await page.goto(kiosk.enter);
  if (lang === "en") await page.getByRole("button", { name: "English" }).click();
  const desk = await context.newPage();
  watch(desk, "desk");
  await desk.goto(`${kiosk.origin}/desk?lang=${lang}`);
  await desk.locator("[data-person]").first().waitFor();
  await page.bringToFront();

  const self = {
    context, page, desk, faults,
    screen: (name) => page.locator(`[data-screen="${name}"]`).waitFor(),
    press: (key) => page.locator(`main [data-key="${key}"]`).click(),
    title: () => page.locator("h1").innerText(),
    text: () => page.locator("main").innerText(),
    async pin(digits) {
      await self.screen("enter-pin");
      for (const digit of digits) await page.getByRole("button", { name: digit, exact: true }).click();
      await self.press("enter-pin");
    },
    /** By the tray. */
    async place(person) {
      await desk.locator("#search").fill(person);
      await desk.locator(`[data-person="${person}"] button`).click();
      await desk.locator("#search").fill("");
    },
    /** By the tray, once the screen asks for it. */
    async hold(phone, { identified = true } = {}) {
      await self.screen("tap-phone");
      await desk.locator('#kinds input[value="phones"]').check();
      await desk.locator(`[data-phone="${phone}"] button${identified ? ":first-child" : '[data-identified="false"]'}`).click();
    },
    async lift() {
      await desk.locator("#lift").click();
      await desk.locator("#lift:disabled").waitFor();
    },
    async set(name, label) {
      await desk.locator(`#set-${name}`).selectOption(label);
    },
    /** Waits for the end on the desk: `accepted`, or the failure's code. */
    async ends(how) {
      await desk.locator(`#outcome[data-outcome="${how}"]`).waitFor();
      return desk.locator("#outcome").innerText();
    },
    /** From the last screen to the idle one. */
    async leave() {
      await self.press("yes");
      await self.screen("take-card");
      await desk.locator("#remove").click();
      await self.screen("idle");
    },
    close: () => context.close(),
  };
  await self.screen("idle");
  return self;
}

/** Sends what a page of the kiosk would, from that page. Returns the status and the error's code. */
export const send = (page, path, body) => page.evaluate(async ([to, what]) => {
  const answer = await fetch(to, { method: "POST", headers: { "Content-Type": "application/json", "X-Kiosk": "1" }, body: JSON.stringify(what) });
  return { status: answer.status, error: answer.ok ? null : (await answer.json()).error };
}, [path, body]);
