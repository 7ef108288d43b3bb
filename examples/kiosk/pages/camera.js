// One picture from the camera for the screen that asks for it. It is made in memory, sent, and dropped.

import { h } from "./dom.js";

const SECONDS = 3;
const WIDTH = 640;

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** @param send called with the picture. @param failed called with `denied` or `none` where there is no camera to use. */
export function camera({ words, send, failed, say }) {
  let gone = false;
  let stream = null;
  const video = h("video", { class: "mirror", autoplay: true, playsinline: true, "aria-label": words.preview });
  video.muted = true;
  const count = h("span", { class: "count", "aria-hidden": "true" });
  const line = h("p", { class: "camera-line" }, words.starting);

  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.srcObject = null;
  };
  const tell = (sentence) => {
    line.textContent = sentence;
    say(sentence);
  };

  const run = async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user", width: { ideal: WIDTH } }, audio: false });
    } catch (error) {
      if (gone) return;
      tell(words.failed);
      failed(error.name === "NotAllowedError" ? "denied" : "none");
      return;
    }
    if (gone) return stop();
    video.srcObject = stream;
    await video.play().catch(() => {});
    if (gone) return stop();
    tell(words.ready(SECONDS));
    for (let left = SECONDS; left > 0; left -= 1) {
      count.textContent = String(left);
      await wait(1000);
      if (gone) return stop();
    }
    count.textContent = "";
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = Math.round((WIDTH * (video.videoHeight || 3)) / (video.videoWidth || 4));
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    stop();
    tell(words.taken);
    const picture = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
    if (gone) return undefined;
    if (picture) send(picture);
    else failed("none");
    return undefined;
  };

  const element = h("div", { class: "camera" }, h("div", { class: "lens" }, video, h("span", { class: "oval", "aria-hidden": "true" }), count), line);
  return {
    element,
    start: run,
    leave() {
      gone = true;
      stop();
    },
  };
}
