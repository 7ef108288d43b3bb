// Other pages of the same browser can't use the kiosk, nor burn a try of a card that lies on it.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { reception, send, startBrowser, startKiosk } from "./support.mjs";

let kiosk, browser, at, other;

before(async () => {
  // A name that somebody else owns and points at this machine: DNS rebinding.
  [kiosk, browser] = await Promise.all([startKiosk("--card", "instant"), startBrowser("--host-resolver-rules=MAP rebound.test 127.0.0.1")]);
  other = createServer((_, answer) => {
    answer.setHeader("Content-Type", "text/html");
    answer.end("<!doctype html><title>another site</title>");
  });
  await new Promise((done) => other.listen(0, "127.0.0.1", done));
  at = await reception(browser, kiosk);
});
after(async () => {
  await browser?.close();
  await kiosk?.stop();
  other?.close();
});

const shownNumber = async () => Number(/（(\d+)）/.exec(await at.desk.locator(".seen-name").innerText())?.[1]);

test("pages of other origins are refused, whatever they send, and no try is spent", async () => {
  await at.place("in-order");
  await at.press("pin");
  await at.screen("enter-pin");
  const screen = await shownNumber();
  assert.ok(Number.isInteger(screen));
  const port = other.address().port;
  // The same host with another port counts as the same site for the cookie; the other name doesn't.
  for (const origin of [`http://127.0.0.1:${port}`, `http://localhost:${port}`]) {
    const page = await at.context.newPage();
    await page.goto(origin);
    const heard = [];
    page.on("response", (response) => {
      if (response.url().startsWith(kiosk.origin)) heard.push(response.status());
    });
    const body = JSON.stringify({ screen, pin: "0000" });
    const outcomes = await page.evaluate(async ([to, what]) => {
      const tried = [];
      for (const options of [
        { mode: "no-cors", headers: { "Content-Type": "text/plain" } },
        { mode: "no-cors", credentials: "include" },
        { mode: "cors", credentials: "include", headers: { "Content-Type": "application/json", "X-Kiosk": "1" } },
        { mode: "cors", credentials: "omit", headers: { "Content-Type": "application/json" } },
      ]) tried.push(await fetch(to, { method: "POST", body: what, ...options }).then((answer) => answer.type, () => "failed"));
      return tried;
    }, [`${kiosk.origin}/pin`, body]);
    assert.deepEqual(outcomes.filter((type) => type !== "opaque" && type !== "failed"), [], "nothing can be read");
    // A form, as old as the web.
    const posted = page.waitForResponse((response) => response.url() === `${kiosk.origin}/pin` && response.request().isNavigationRequest());
    await page.evaluate(([to, what]) => {
      const form = document.createElement("form");
      form.method = "post";
      form.action = to;
      form.enctype = "text/plain";
      const field = document.createElement("input");
      field.name = what;
      form.append(field);
      document.body.append(form);
      form.submit();
    }, [`${kiosk.origin}/pin`, body]);
    assert.equal((await posted).status(), 403);
    // Chromium keeps some answers even from the test; those that it tells are refusals.
    assert.ok(heard.length >= 1 && heard.every((status) => status === 403 || status === 405), `answers: ${heard}`);
    await page.close();
  }
  await at.screen("enter-pin");
  assert.match(await at.text(), /あと3回/);
  assert.equal(await shownNumber(), screen, "the screen is still the same");
});

test("a replay of an old prompt spends nothing", async () => {
  const old = await shownNumber();
  await at.pin("0000");
  await at.page.getByText("あと2回入力できます。").waitFor();
  const now = await shownNumber();
  assert.notEqual(now, old);
  for (const screen of [old, old - 1, 0, now + 1]) {
    const { status, error } = await send(at.page, "/pin", { screen, pin: "1111" });
    assert.equal(status, 409, `${screen}`);
    assert.equal(error, "stale-screen");
  }
  assert.equal((await send(at.page, "/pin", { screen: now, pin: "12345" })).status, 400);
  assert.equal((await send(at.page, "/pin", { screen: now, pin: "" })).status, 400);
  await at.screen("enter-pin");
  assert.match(await at.text(), /あと2回/);
  // The prompt that shows takes one PIN, once.
  const both = await Promise.all([send(at.page, "/pin", { screen: now, pin: "1234" }), send(at.page, "/pin", { screen: now, pin: "1111" })]);
  assert.deepEqual(both.map(({ status }) => status).sort(), [204, 409]);
});

test("no page elsewhere holds a phone there or takes it away, and no PIN comes before its prompt", async () => {
  await at.press("cancel");
  await at.press("yes");
  await at.screen("take-card");
  await at.desk.locator("#remove").click();
  await at.screen("idle");
  await at.press("begin");
  await at.press("phone");
  await at.press("android");
  await at.screen("enter-pin");
  const prompt = await shownNumber();
  const page = await at.context.newPage();
  await page.goto(`http://localhost:${other.address().port}`);
  for (const [path, body] of [["/hold", { phone: "android-in-order" }], ["/lift", {}], ["/pin", { screen: prompt, pin: "0000" }]]) {
    const outcomes = await page.evaluate(async ([to, what]) => Promise.all([
      { mode: "no-cors", headers: { "Content-Type": "text/plain" } },
      { mode: "cors", credentials: "include", headers: { "Content-Type": "application/json", "X-Kiosk": "1" } },
    ].map((options) => fetch(to, { method: "POST", body: what, ...options }).then((answer) => answer.type, () => "failed"))), [kiosk.origin + path, JSON.stringify(body)]);
    assert.deepEqual(outcomes.filter((type) => type !== "opaque" && type !== "failed"), [], path);
  }
  await page.close();
  assert.equal(await shownNumber(), prompt, "the prompt still shows");
  for (const screen of [prompt - 1, prompt + 1]) assert.equal((await send(at.page, "/pin", { screen, pin: "0000" })).error, "stale-screen");
  await at.pin("1234");
  await at.screen("tap-phone");
  assert.equal((await send(at.page, "/pin", { screen: prompt, pin: "0000" })).error, "stale-screen");
  assert.equal((await send(at.page, "/pin", { screen: await shownNumber(), pin: "0000" })).error, "not-offered");
  await at.hold("android-in-order");
  await at.screen("consents");
});

test("a rebound host, and a browser without the launch's key, are refused", async () => {
  const port = new URL(kiosk.origin).port;
  const page = await at.context.newPage();
  for (const path of ["/", "/desk", "/events?view=kiosk", `/enter${new URL(kiosk.enter).search}`]) {
    const answer = await page.goto(`http://rebound.test:${port}${path}`);
    assert.equal(answer.status(), 403, path);
  }
  await page.close();
  const stranger = await browser.newContext();
  const fresh = await stranger.newPage();
  for (const path of ["/", "/desk", "/guide", "/gallery", "/people", "/phones", "/screens", "/events?view=desk", "/enter", "/enter?key=0000"]) {
    assert.equal((await fresh.goto(kiosk.origin + path)).status(), 403, path);
  }
  await stranger.close();
});

test("nobody else may show the kiosk in a frame", async () => {
  const page = await at.context.newPage();
  await page.goto(`http://127.0.0.1:${other.address().port}`);
  await page.evaluate((to) => new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.addEventListener("load", done);
    frame.src = to;
    document.body.append(frame);
  }), kiosk.origin);
  assert.equal(await page.frames()[1].locator("main").count().catch(() => 0), 0);
  await page.close();
});

test("another program that takes the port gets nothing that is typed", async () => {
  const gone = await startKiosk("--card", "instant");
  const there = await reception(browser, gone, { camera: false });
  await there.place("in-order");
  await there.press("pin");
  await there.screen("enter-pin");
  await gone.stop();
  await there.page.locator("#line").waitFor();
  assert.ok(await there.page.locator("main").evaluate((main) => main.inert));
  const asked = [];
  const prompt = {
    serial: 1, screen: 1, name: "enter-pin", deadline_ms: null, more_time: false, visit: true, launch: "another",
    extra: { tries_left: 3, wrong: false, same_again: false, other_ways: false, guardian: false },
    text: Object.fromEntries(["ja", "en"].map((lang) => [lang, { title: "PIN?", body: [], choices: [{ key: "enter-pin", label: "OK" }] }])),
  };
  const thief = createServer((request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url.startsWith("/events")) {
      answer.writeHead(200, { "Content-Type": "text/event-stream" });
      answer.write(`event: state\ndata: ${JSON.stringify(prompt)}\n\n`);
    } else {
      answer.writeHead(204).end();
    }
  });
  await new Promise((done) => thief.listen(new URL(gone.origin).port, "127.0.0.1", done));
  await there.page.getByText("受付の機械が入れ替わりました").waitFor();
  assert.ok(await there.page.locator("main").evaluate((main) => main.inert));
  await there.page.keyboard.type("1234");
  await there.page.keyboard.press("Enter");
  const answer = await there.page.evaluate(async () => (await import("/talk.js")).post("/pin", { screen: 1, pin: "1234" }));
  assert.equal(answer.error, "unreachable");
  assert.ok(asked.some((line) => line.startsWith("GET /events")));
  assert.deepEqual(asked.filter((line) => line.startsWith("POST")), []);
  await there.context.close();
  thief.closeAllConnections();
  thief.close();
});
