// Faces compared by model files, before a fake camera: models and faces are drawings, made for the tests.
//
// KIOSK is built with the feature `onnx`; FACES is the folder that the example `drawn_faces` wrote.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { reception, startBrowser, startKiosk } from "./support.mjs";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FACES = process.env.FACES ?? `${ROOT}target/faces`;
const model = (name) => `${ROOT}tests/models/${name}.json`;
const MODELS = ["--detector", model("yunet"), "--embedder", model("sface"), "--calibration", model("calibration")];

/** A browser whose camera sees this film, and a kiosk with the models. */
function camera(film) {
  const here = {};
  before(async () => {
    const file = `${FACES}/${film}.y4m`;
    assert.ok(existsSync(file), `${file}: cargo run --features photo --example drawn_faces -- target/faces`);
    here.browser = await startBrowser(`--use-file-for-fake-video-capture=${file}`);
  });
  after(() => here.browser?.close());
  beforeEach(async () => {
    here.kiosk = await startKiosk("--card", "instant", ...MODELS);
    here.at = await reception(here.browser, here.kiosk, { hurried: true });
  });
  afterEach(async () => {
    const faults = here.at?.faults;
    await here.at?.close();
    await here.kiosk?.stop();
    assert.deepEqual(faults, [], "the pages ran without a fault");
  });
  return here;
}

/** Looks into the camera, and is told this. */
async function failsWith(at, title) {
  await at.screen("face-failed");
  assert.equal(await at.title(), title);
}

describe("the face on the card", () => {
  const here = camera("portrait");
  test("is recognised, by the model that the screen names", async () => {
    const { at } = here;
    assert.match(await at.page.locator("#demo").innerText(), /モデル「drawn faces/);
    await at.place("in-order");
    await at.press("face");
    await at.screen("consents");
    await at.press("consent-to-none");
    await at.screen("accepted");
    await at.ends("accepted");
    await at.leave();
  });

  test("is recognised whatever the persona's case says of it: the camera is looked at", async () => {
    const { at } = here;
    await at.place("face-mismatch");
    await at.press("face");
    await at.screen("consents");
  });
});

describe("another face", () => {
  const here = camera("another");
  test("isn't, five times; then it isn't asked for, card put back or not, and the PIN goes", async () => {
    const { at } = here;
    await at.place("in-order");
    await at.press("face");
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await failsWith(at, "お顔を確認できませんでした");
      if (attempt === 5) break;
      await at.press("yes");
      await at.screen("look-at-camera");
    }
    assert.equal(await at.page.locator('main [data-key="yes"]').count(), 0, "no sixth time");
    await at.press("cancel");
    await at.screen("not-accepted");
    await at.leave();

    await at.place("in-order");
    await at.screen("choose-method");
    assert.equal(await at.page.locator('[data-key="face"]').count(), 0, "it isn't offered");
    assert.match(await at.text(), /このカードの顔認証は、いまは使えません。\d+時\d\d分から/);
    await at.press("pin");
    await at.pin("1234");
    await at.press("consent-to-none");
    await at.screen("accepted");
    await at.ends("accepted");
    await at.leave();
  });
});

for (const [film, title, hint] of [
  ["nobody", "お顔がカメラに写りませんでした", /カメラの正面/],
  ["two", "ほかの方も写っているようです", /おひとりで/],
  ["dark", "少し暗いようです", /光が当たるように/],
]) {
  describe(`the camera shows: ${film}`, () => {
    const here = camera(film);
    test("the person is told what to do, and the desk why", async () => {
      const { at } = here;
      await at.place("in-order");
      await at.press("face");
      await failsWith(at, title);
      assert.match(await at.text(), hint);
      await at.desk.locator('[data-event="face-failed"]').waitFor();
      await at.press("pin");
      await at.pin("1234");
      await at.press("consent-to-none");
      await at.ends("accepted");
      await at.leave();
    });
  });
}
