// One picture from the camera for the screen that asks for it. It is made in memory, sent, and dropped.

import { h } from "./dom.js";

const SECONDS = 3;
const LONGEST = 640;

/** What a canvas shows as a binary PPM: the machine reads pixels, and decodes no images. */
function pixels(canvas) {
  const { width, height } = canvas;
  const drawn = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const head = new TextEncoder().encode(`P6\n${width} ${height}\n255\n`);
  const bytes = new Uint8Array(head.length + 3 * width * height);
  bytes.set(head);
  for (let from = 0, to = head.length; from < drawn.length; from += 4, to += 3) {
    bytes[to] = drawn[from];
    bytes[to + 1] = drawn[from + 1];
    bytes[to + 2] = drawn[from + 2];
  }
  drawn.fill(0);
  return new Blob([bytes], { type: "image/x-portable-pixmap" });
}

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
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user", width: { ideal: LONGEST } }, audio: false });
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
    const scale = LONGEST / Math.max(video.videoWidth, video.videoHeight, 1);
    canvas.width = Math.round(scale * video.videoWidth);
    canvas.height = Math.round(scale * video.videoHeight);
    const seen = canvas.width > 0 && canvas.height > 0;
    if (seen) canvas.getContext("2d", { willReadFrequently: true }).drawImage(video, 0, 0, canvas.width, canvas.height);
    stop();
    tell(words.taken);
    if (seen) send(pixels(canvas));
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
