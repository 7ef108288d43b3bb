// Check-ins with a phone in place of the card: by PIN, by the phone itself, and what is said when it doesn't go at once.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { reception, startBrowser, startKiosk } from "./support.mjs";

let kiosk, browser, at;

before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());
beforeEach(async () => {
  kiosk = await startKiosk("--card", "instant");
  at = await reception(browser, kiosk);
});
afterEach(async () => {
  const faults = at?.faults;
  await at?.close();
  await kiosk?.stop();
  assert.deepEqual(faults, [], "the pages ran without a fault");
});

async function choose(kind) {
  await at.press("begin");
  await at.press("phone");
  await at.screen("choose-phone");
  await at.press(kind);
}

/** To the idle screen: no card lies there, so none is to be taken. */
async function leave() {
  await at.press("yes");
  await at.screen("idle");
}

async function accepted() {
  await at.press("consent-to-all");
  await at.screen("accepted");
  assert.equal(await at.title(), "受付できました");
  assert.match(await at.ends("accepted"), /保険者番号/);
  await leave();
}

test("Android: the PIN, one tap, accepted", async () => {
  await choose("android");
  await at.screen("enter-pin");
  assert.match(await at.title(), /スマートフォンのマイナンバーカードの、4桁の暗証番号/);
  assert.doesNotMatch(await at.text(), /あと\d回/, "the tries aren't known before the phone is there");
  assert.equal(await at.page.locator(".tries").count(), 0);
  await at.pin("1234");
  await at.screen("tap-phone");
  assert.equal(await at.page.locator(".again").count(), 0);
  await at.hold("android-in-order");
  await accepted();
  await at.desk.locator('[data-event="phone-chosen"]').getByText("Android").waitFor();
  assert.match(await at.desk.locator("#on-phone-reader").innerText(), /スマートフォン用のリーダー：Android/);
  await at.lift();
});

test("Android in English, by the keyboard alone", async () => {
  const { page } = at;
  const focused = (key) => page.waitForFunction((wanted) => document.activeElement?.dataset.key === wanted, key);
  const go = async (screen, key) => {
    await at.screen(screen);
    await page.waitForFunction(() => document.activeElement?.id === "title");
    for (let step = 0; step < 20 && await page.evaluate(() => document.activeElement?.dataset.key) !== key; step += 1) await page.keyboard.press("Tab");
    await focused(key);
    await page.keyboard.press("Enter");
  };
  await page.getByRole("button", { name: "English" }).click();
  await at.press("begin");
  await go("place-card", "phone");
  await go("choose-phone", "android");
  await at.screen("enter-pin");
  await page.waitForFunction(() => document.activeElement?.id === "title");
  assert.equal(await at.title(), "Enter the 4-digit PIN of the My Number card on your phone");
  await page.keyboard.type("1234");
  await page.keyboard.press("Enter");
  await at.screen("tap-phone");
  assert.equal(await at.title(), "Hold your phone to the phone reader");
  const kept = await page.evaluate(() => [document.documentElement.outerHTML, JSON.stringify(sessionStorage), location.href].some((text) => text.includes("1234")));
  assert.equal(kept, false, "what was typed is nowhere while the phone is awaited");
  await at.hold("android-in-order");
  await go("consents", "consent-to-none");
  await at.ends("accepted");
  await go("accepted", "yes");
  await at.screen("idle");
});

test("Android: a wrong PIN, then the right one with a second tap", async () => {
  await choose("android");
  await at.pin("0000");
  await at.hold("android-in-order");
  await at.page.getByText("あと2回入力できます。").waitFor();
  assert.match(await at.text(), /暗証番号がちがいます/);
  await at.desk.locator('[data-event="try-spent"]').getByText("残り2回").waitFor();
  await at.pin("1234");
  await at.screen("tap-phone");
  // The same phone, lifted and held there again.
  await at.hold("android-in-order");
  await accepted();
});

test("Android: one try left is asked about before anything is sent", async () => {
  await choose("android");
  await at.pin("1234");
  await at.hold("android-last-try");
  await at.screen("last-try");
  assert.match(await at.text(), /カードでの受付は、そのあともできます/);
  await at.press("yes");
  await at.pin("1234");
  await at.hold("android-last-try");
  await accepted();
});

test("Android: a locked PIN ends with the card as the way on", async () => {
  await choose("android");
  await at.pin("1234");
  await at.hold("android-pin-locked");
  await at.screen("not-accepted");
  assert.match(await at.page.locator(".todo li").first().innerText(), /カード/);
  await at.ends("phone-pin-locked");
  await leave();
});

test("iPhone: confirmed on it, one tap, accepted", async () => {
  await choose("iphone");
  await at.screen("tap-phone");
  assert.match(await at.title(), /iPhoneで本人確認/);
  await at.hold("iphone-in-order");
  await at.screen("consents");
  await at.desk.locator('[data-event="identified"]').getByText("スマートフォンでの本人確認").waitFor();
  await accepted();
});

test("iPhone: not confirmed on it yet, said so; then confirmed", async () => {
  await choose("iphone");
  await at.hold("iphone-in-order", { identified: false });
  await at.page.locator(".again").getByText("スマートフォンでの本人確認が、まだできていません。").waitFor();
  await at.hold("iphone-in-order");
  await accepted();
});

test("iPhone: it doesn't recognise who holds it, three times, and the visit ends", async () => {
  await choose("iphone");
  await at.hold("iphone-not-recognised");
  for (const count of [1, 2]) {
    await at.page.locator(".again").waitFor();
    await at.desk.locator('[data-event="phone-not-read"]').nth(count - 1).getByText("本人確認がまだ").waitFor();
    await at.hold("iphone-not-recognised");
  }
  await at.screen("not-accepted");
  await at.ends("phone-holder-not-confirmed");
  await leave();
});

test("moved away too early: the PIN is kept, and the phone is held there again", async () => {
  await at.set("pull", "at-once");
  await choose("android");
  await at.pin("1234");
  await at.hold("android-in-order");
  await at.page.locator(".again").getByText("読み取りの途中で、はなれました。").waitFor();
  assert.match(await at.desk.locator("#on-phone-reader").innerText(), /何もありません/);
  await at.set("pull", "never");
  await at.hold("android-in-order");
  await accepted();
});

test("moved away after the PIN reached it: that is asked for once more, with the reason", async () => {
  await at.set("pull", "mid-read");
  await choose("android");
  await at.pin("1234");
  await at.hold("android-in-order");
  await at.page.locator('[data-screen="enter-pin"] .again').waitFor();
  await at.set("pull", "never");
  await at.pin("1234");
  await at.hold("android-in-order");
  await accepted();
});

test("the other kind of phone: told so, and back to the card", async () => {
  await choose("iphone");
  await at.hold("android-in-order");
  await at.page.locator(".again").getByText("Androidのようです。").waitFor();
  await at.press("other-method");
  await at.screen("place-card");
  await at.desk.locator('#kinds input[value="cards"]').check();
  await at.place("in-order");
  await at.press("pin");
  await at.pin("1234");
  await at.press("consent-to-none");
  await at.screen("accepted");
  await at.ends("accepted");
  await at.leave();
});

test("what was typed for a phone is gone with a reload, a cancel, and the next person", async () => {
  await choose("android");
  await at.pin("1234");
  await at.screen("tap-phone");
  await at.page.reload();
  await at.screen("tap-phone");
  await at.press("cancel");
  await at.screen("not-accepted");
  await leave();
  await choose("android");
  await at.screen("enter-pin");
  assert.ok(await at.page.getByRole("img", { name: "まだ入力していません。" }).isVisible());
});

test("no reader for phones: nothing of them is offered, on the screen or at the desk", async () => {
  await at.set("phones", "false");
  await at.desk.locator("#kinds").waitFor({ state: "hidden" });
  await at.press("begin");
  await at.screen("place-card");
  assert.equal(await at.page.locator('[data-key="phone"]').count(), 0);
});
