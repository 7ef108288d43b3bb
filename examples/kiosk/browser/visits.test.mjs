// Whole check-ins, as a person and a receptionist do them: each ends on the right screen, and the desk says the same.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { reception, startBrowser, startKiosk } from "./support.mjs";

let kiosk, browser, at;

before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());
// A kiosk for each: what one test left behind is nothing to the next.
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

test("by PIN: accepted, with the name, and the insurance at the desk", async () => {
  await at.press("begin");
  await at.screen("place-card");
  await at.place("in-order");
  await at.screen("choose-method");
  await at.press("pin");
  await at.pin("1234");
  await at.screen("consents");
  await at.press("consent-to-all");
  await at.screen("accepted");
  assert.equal(await at.title(), "受付できました");
  assert.match(await at.text(), /さん/);
  const desk = await at.ends("accepted");
  assert.match(desk, /受付できました/);
  assert.match(desk, /保険者番号/);
  await at.leave();
  assert.equal(await at.title(), "マイナンバーカードで受付");
  assert.doesNotMatch(await at.page.locator("body").innerText(), /さん/, "nothing of the person stays");
});

test("by PIN in English, consents one by one", async () => {
  await at.page.getByRole("button", { name: "English" }).click();
  await at.press("begin");
  await at.screen("place-card");
  assert.equal(await at.title(), "Place your My Number card on the reader");
  assert.equal(await at.page.locator("html").getAttribute("lang"), "en");
  await at.place("in-order");
  await at.press("pin");
  await at.pin("1234");
  await at.press("consent-one-by-one");
  // Yes to the first, no to the others, as many as there are.
  const seen = new Set();
  for (let answer = "yes"; ; answer = "no") {
    await at.page.locator('[data-screen="consent"], [data-screen="accepted"]').waitFor();
    const title = await at.title();
    if (title === "You are checked in") break;
    assert.match(title, /^May the clinic see/);
    assert.ok(!seen.has(title), `asked once: ${title}`);
    seen.add(title);
    await at.page.locator(`main [data-key="${answer}"]`).click();
    await at.page.waitForFunction((before) => document.querySelector("h1").innerText !== before, title);
    if (await at.page.locator('[data-screen="asking"]').count()) await at.screen("accepted");
  }
  assert.ok(seen.size >= 3, `${seen.size} kinds were asked`);
  await at.ends("accepted");
  await at.leave();
  assert.equal(await at.page.locator("html").getAttribute("lang"), "ja", "the next person begins in the kiosk's language");
});

test("by face, with a camera", async () => {
  await at.place("in-order");
  await at.screen("choose-method");
  await at.press("face");
  await at.screen("look-at-camera");
  assert.match(await at.title(), /カメラ/);
  await at.screen("consents");
  await at.press("consent-to-none");
  await at.screen("accepted");
  await at.ends("accepted");
  await at.leave();
});

test("no camera to use: said so, and on by PIN", async () => {
  await at.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"));
  });
  await at.place("in-order");
  await at.press("face");
  await at.page.locator("#note").getByText("カメラを使えませんでした").waitFor();
  await at.screen("choose-method");
  assert.equal(await at.page.locator('[data-key="face"]').count(), 0, "it isn't offered again");
  await at.press("pin");
  await at.pin("1234");
  await at.press("consent-to-none");
  await at.ends("accepted");
  await at.leave();
});

test("another face: not recognised, then by PIN", async () => {
  await at.place("face-mismatch");
  await at.press("face");
  await at.screen("face-failed");
  assert.match(await at.text(), /別の方法でも受付できます/);
  await at.press("pin");
  await at.pin("1234");
  await at.press("consent-to-none");
  await at.screen("accepted");
  await at.ends("accepted");
  await at.leave();
});

test("three wrong PINs: warned before the last, then locked, with what to do", async () => {
  await at.set("face", "false");
  await at.set("staff", "false");
  await at.place("in-order");
  await at.screen("choose-method");
  await at.press("pin");
  await at.screen("enter-pin");
  assert.match(await at.text(), /あと3回/);
  await at.pin("0000");
  await at.page.getByText("あと2回入力できます。").waitFor();
  assert.match(await at.text(), /暗証番号がちがいます/);
  // The same again isn't sent: it costs nothing.
  await at.pin("0000");
  await at.page.getByText("先ほどと同じ番号です").waitFor();
  assert.match(await at.text(), /あと2回/);
  await at.pin("1111");
  await at.screen("last-try");
  assert.equal(await at.title(), "暗証番号を入力できるのは、あと1回です");
  await at.press("yes");
  await at.pin("2222");
  await at.screen("not-accepted");
  assert.equal(await at.title(), "このカードでは、いま暗証番号を使えません。");
  assert.ok((await at.page.locator(".todo li").count()) >= 1, "it says what to do");
  assert.match(await at.ends("pin-locked"), /pin-locked/);
  await at.leave();
});

test("a certificate that lapsed long ago", async () => {
  await at.place("lapsed");
  await at.screen("not-accepted");
  assert.equal(await at.title(), "カードの電子証明書の有効期限が切れています。");
  assert.match(await at.ends("certificate-lapsed"), /certificate-lapsed/);
  await at.leave();
});

test("the card is pulled while it is read", async () => {
  await at.set("pull", "mid-read");
  await at.place("in-order");
  await at.screen("not-accepted");
  assert.equal(await at.title(), "手続きの途中で、カードがカードリーダーから離れました。");
  await at.ends("card-removed");
  await at.press("yes");
  await at.screen("idle");
});

test("the centre is down", async () => {
  await at.set("centre", "down");
  await at.place("in-order");
  await at.press("pin");
  await at.pin("1234");
  await at.screen("not-accepted");
  assert.equal(await at.title(), "いま、保険の資格を確認するシステムから正しい応答がありません。");
  await at.ends("centre-down");
  await at.leave();
});

test("the first time: registered on the spot", async () => {
  await at.place("not-registered");
  await at.press("pin");
  await at.pin("1234");
  await at.screen("register");
  assert.equal(await at.title(), "マイナンバーカードを保険証として使えるようにしますか");
  await at.press("yes");
  await at.screen("consents");
  await at.press("consent-to-all");
  await at.screen("accepted");
  await at.ends("accepted");
  await at.leave();
});

test("checked by a member of staff: a passcode that is wrong, then the right one", async () => {
  await at.place("pin-locked");
  await at.press("staff");
  await at.screen("staff-check");
  // Nothing for the browser to keep, or to fill in for the next one.
  for (const field of await at.page.locator("main input").all()) assert.equal(await field.getAttribute("autocomplete"), "one-time-code");
  await at.press("staff-confirms");
  await at.page.getByText("職員の番号を入力してください。").waitFor();
  await at.page.getByLabel("職員の番号").fill("staff-1");
  await at.page.getByLabel("パスコード").fill("not-this-passcode");
  await at.press("staff-confirms");
  await at.page.getByText("パスコードがちがいます").waitFor();
  await at.page.getByLabel("職員の番号").fill("staff-1");
  await at.page.getByLabel("パスコード").fill("simulated-passcode");
  await at.page.keyboard.press("Enter");
  await at.screen("consents");
  await at.press("consent-to-none");
  await at.ends("accepted");
  await at.leave();
});

test("a page loaded anew in the middle shows the same screen", async () => {
  await at.press("begin");
  await at.place("in-order");
  await at.press("pin");
  await at.screen("enter-pin");
  await at.page.reload();
  await at.screen("enter-pin");
  assert.match(await at.text(), /あと3回/);
  await at.pin("1234");
  await at.screen("consents");
  await at.page.reload();
  await at.screen("consents");
  await at.press("consent-to-none");
  await at.screen("accepted");
  await at.leave();
});

test("prescription and subsidies, where the clinic asks for them", async () => {
  await at.set("prescription", "true");
  await at.set("subsidies", "true");
  await at.place("in-order");
  await at.press("pin");
  await at.pin("1234");
  await at.press("consent-to-all");
  await at.screen("prescription");
  await at.press("electronic");
  await at.screen("subsidies");
  await at.press("yes");
  await at.screen("accepted");
  await at.ends("accepted");
  await at.leave();
});

test("a parent helps: the screens speak to them, without the face", async () => {
  await at.place("in-order");
  await at.press("guardian");
  await at.page.getByRole("heading", { name: "お子さまの本人確認の方法を選んでください" }).waitFor();
  assert.equal(await at.page.locator('[data-key="face"]').count(), 0);
  await at.press("pin");
  await at.pin("1234");
  await at.screen("consents");
  assert.match(await at.title(), /お子さま/);
  await at.press("consent-to-all");
  await at.ends("accepted");
  await at.desk.locator('[data-event="guardian-helps"]').waitFor();
  assert.match(await at.desk.locator("#log").innerText(), /保護者が操作しています/);
  assert.doesNotMatch(await at.desk.locator("#log").innerText(), /[{}]|Digest/, "no data of the program");
  await at.leave();
});

test("an outage in the whole country: no card is asked for, and the desk is told what to do", async () => {
  await at.set("mode", "system-outage");
  await at.press("begin");
  await at.screen("not-accepted");
  assert.equal(await at.title(), "いま、全国でカードの確認ができなくなっています。");
  assert.match(await at.ends("system-outage"), /患者さんに伝えること/);
  await at.press("yes");
  await at.screen("idle");
});
