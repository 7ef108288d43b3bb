// Nobody needs a finger or eyes for it: a whole check-in with the keyboard alone, what a screen reader is told, and
// enough time.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PATIENCE, reception, startBrowser, startKiosk } from "./support.mjs";

let browser;

before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

const focused = (page) => page.evaluate(() => {
  const element = document.activeElement;
  return { tag: element.tagName, key: element.dataset.key ?? null, text: element.innerText };
});

/** Tab until that key has the focus: in no more steps than a person would take. */
async function tabTo(page, key) {
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press("Tab");
    if ((await focused(page)).key === key) return;
  }
  assert.fail(`Tab never came to ${key}`);
}

test("by PIN with the keyboard alone; each screen's heading takes the focus", async () => {
  const kiosk = await startKiosk("--card", "instant");
  try {
    const at = await reception(browser, kiosk);
    const { page } = at;
    const heading = async (screen) => {
      await at.screen(screen);
      await page.waitForFunction(() => document.activeElement?.id === "title");
      assert.equal(await page.title(), `${await at.title()}｜受付`);
    };
    await tabTo(page, "begin");
    await page.keyboard.press("Enter");
    await heading("place-card");
    await at.place("in-order");
    await heading("choose-method");
    await tabTo(page, "pin");
    await page.keyboard.press("Space");
    await heading("enter-pin");
    // The digits go in from anywhere on the screen, and are said as a number of digits.
    await page.keyboard.type("12");
    await page.getByRole("img", { name: "4桁のうち2桁を入力しました。" }).waitFor();
    assert.match(await page.locator("#say").innerText(), /2桁/);
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Enter");
    assert.match(await page.locator("#say").innerText(), /あと3桁/);
    await page.keyboard.type("234");
    // What was typed is nowhere in the document, and nowhere that a later page could read.
    const kept = await page.evaluate(() => [document.documentElement.outerHTML, ...[...document.querySelectorAll("input")].map((input) => input.value), JSON.stringify(localStorage), JSON.stringify(sessionStorage), location.href].some((text) => text.includes("1234")));
    assert.equal(kept, false);
    await page.keyboard.press("Enter");
    await heading("consents");
    await tabTo(page, "consent-one-by-one");
    await tabTo(page, "consent-to-none");
    await page.keyboard.press("Enter");
    await heading("accepted");
    await tabTo(page, "yes");
    await page.keyboard.press("Enter");
    await heading("take-card");
    await at.ends("accepted");
    assert.deepEqual(at.faults, []);
    await at.close();
  } finally {
    await kiosk.stop();
  }
});

test("keys in another order: all ten there, said aloud, and the PIN works", async () => {
  const kiosk = await startKiosk("--card", "instant");
  try {
    const at = await reception(browser, kiosk);
    await at.place("in-order");
    await at.press("pin");
    await at.screen("enter-pin");
    await at.page.getByRole("button", { name: "数字の並びをかえる" }).click();
    await at.page.locator('[aria-pressed="true"].key').waitFor();
    const keys = await at.page.locator(".key:not(.key-tool)").allInnerTexts();
    assert.deepEqual([...keys].sort(), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    assert.match(await at.page.locator("#say").innerText(), new RegExp(keys.join(" ")));
    await at.pin("1234");
    await at.screen("consents");
    await at.close();
  } finally {
    await kiosk.stop();
  }
});

test("a warning 20 seconds before the end; a card that is left behind is called for", async () => {
  const kiosk = await startKiosk("--card", "instant", "--timeouts", "short");
  try {
    const at = await reception(browser, kiosk);
    const { page } = at;
    await at.place("in-order");
    await at.press("pin");
    await at.screen("enter-pin");
    assert.equal(await page.locator("#time").isVisible(), false, "no hurry at first");
    await page.locator("#time").waitFor();
    assert.match(await page.locator("#alert").innerText(), /あと\d+秒で閉じます/);
    const more = page.locator('[data-key="more-time"]');
    if (await more.isVisible()) {
      await page.keyboard.type("12");
      await more.click();
      await page.locator("#time").waitFor({ state: "hidden" });
      await page.getByRole("img", { name: "4桁のうち2桁を入力しました。" }).waitFor();
      await page.keyboard.type("34");
    } else {
      await page.keyboard.type("1234");
    }
    await page.keyboard.press("Enter");
    await at.press("consent-to-none");
    await at.screen("accepted");
    await at.press("yes");
    await at.screen("take-card");
    await page.locator(".screen.alarm").waitFor({ timeout: PATIENCE });
    assert.match(await page.locator("#alert").innerText(), /カードが残っています/);
    await at.desk.locator("#remove").click();
    await at.screen("idle");
    assert.deepEqual(at.faults, []);
    await at.close();
  } finally {
    await kiosk.stop();
  }
});

test("the guide by keyboard: forward, back, by itself, and nothing is sent", async () => {
  const kiosk = await startKiosk();
  try {
    const at = await reception(browser, kiosk);
    const guide = await at.context.newPage();
    const sent = [];
    guide.on("request", (request) => {
      if (request.method() !== "GET") sent.push(request.url());
    });
    await guide.goto(`${kiosk.origin}/guide?lang=en`);
    const step = (name) => guide.locator(`#step[data-step="${name}"]`).waitFor();
    await step("ready");
    await guide.keyboard.press("ArrowRight");
    await step("place");
    await guide.getByRole("img", { name: /lying across/ }).waitFor();
    await guide.getByLabel("Card lies upright").check();
    await guide.getByRole("img", { name: /lying upright/ }).waitFor();
    await guide.getByText("Place your My Number card on the reader").waitFor();
    await guide.getByLabel("Face").check();
    await guide.getByRole("button", { name: /Look at the camera/ }).focus();
    await guide.keyboard.press("Enter");
    await step("face");
    await guide.keyboard.press("ArrowLeft");
    await step("method");
    await guide.getByRole("button", { name: "Play by itself" }).click();
    await guide.getByRole("button", { name: "Pause" }).click();
    await guide.getByRole("button", { name: "日本語" }).click();
    await guide.getByRole("heading", { name: "本人確認の方法を選びます" }).waitFor();
    for (let index = 0; index < 12; index += 1) await guide.getByRole("button", { name: /次へ/ }).click({ timeout: 2_000 }).catch(() => {});
    await step("help");
    assert.deepEqual(sent, []);
    await at.close();
  } finally {
    await kiosk.stop();
  }
});
