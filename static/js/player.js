/**
 * Recordings: the time code that is shown and can be copied, arrow keys, and the shape of a sound as something to click.
 * The browser's own controls stay as they are; without this script only these are there.
 */

const MOST_BYTES = 30e6;
const AT_ONCE = 5e6;
const RATE = 8000;
const STEP = 5;
const BAR = 3;
const GAP = 1;

/** @param {number} seconds */
export function timeCode(seconds) {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  if (whole >= 3600) parts.unshift(Math.floor(whole / 3600));
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/**
 * The loudest moment of each of so many stretches, from 0 to 1.
 * @param {Float32Array} samples
 * @param {number} count
 */
function loudness(samples, count) {
  const stretch = Math.max(1, Math.floor(samples.length / count));
  const peaks = [];
  for (let at = 0; at < count; at += 1) {
    let peak = 0;
    const end = Math.min(samples.length, (at + 1) * stretch);
    for (let index = at * stretch; index < end; index += 1) peak = Math.max(peak, Math.abs(samples[index]));
    peaks.push(peak);
  }
  const most = Math.max(...peaks, 0.01);
  return peaks.map((peak) => peak / most);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} samples
 * @param {HTMLMediaElement} media
 */
function draw(canvas, samples, media) {
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  const pen = canvas.getContext("2d");
  if (!pen || !width) return;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  pen.scale(ratio, ratio);
  const colours = getComputedStyle(canvas);
  const peaks = loudness(samples, Math.max(1, Math.floor(width / (BAR + GAP))));
  const played = media.duration ? (media.currentTime / media.duration) * width : 0;
  for (const [index, peak] of peaks.entries()) {
    const x = index * (BAR + GAP);
    const tall = Math.max(2, peak * (height - 8));
    pen.fillStyle = colours.getPropertyValue(x < played ? "--accent" : "--edge");
    pen.fillRect(x, (height - tall) / 2, BAR, tall);
  }
}

/** @param {string} address */
async function samplesOf(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  const context = new OfflineAudioContext(1, 1, RATE);
  const sound = await context.decodeAudioData(await answer.arrayBuffer());
  return sound.getChannelData(0);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLMediaElement} media
 */
async function addWave(canvas, media) {
  let samples;
  try {
    samples = await samplesOf(media.currentSrc || media.src);
  } catch {
    return;
  }
  canvas.hidden = false;
  const redraw = () => draw(canvas, samples, media);
  new ResizeObserver(redraw).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  media.addEventListener("timeupdate", redraw);
  media.addEventListener("seeked", redraw);
  canvas.addEventListener("click", (event) => {
    const box = canvas.getBoundingClientRect();
    if (media.duration) media.currentTime = ((event.clientX - box.left) / box.width) * media.duration;
  });
  redraw();
}

/**
 * @param {Element} place
 * @param {HTMLMediaElement} media
 */
function addTimeCode(place, media) {
  const line = place.querySelector("[data-player-time]");
  const code = place.querySelector("[data-player-code]");
  const said = place.querySelector("[data-player-said]");
  if (!(line instanceof HTMLElement) || !code || !said) return;
  line.hidden = false;
  media.addEventListener("timeupdate", () => {
    const now = timeCode(media.currentTime);
    if (code.textContent !== now) code.textContent = now;
    said.textContent = "";
  });
  place.querySelector("[data-player-copy]")?.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent ?? "");
      said.textContent = `Copied ${code.textContent}`;
    } catch {
      said.textContent = "Your browser does not let us copy. Type it instead.";
    }
  });
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLMediaElement} media
 */
function seek(event, media) {
  const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
  if (!step || !media.duration || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  media.currentTime = Math.min(media.duration, Math.max(0, media.currentTime + step));
}

/** @param {Element} place */
function wirePlayer(place) {
  const media = place.querySelector("audio, video");
  const fault = place.querySelector("[data-player-fault]");
  if (!(media instanceof HTMLMediaElement) || !(fault instanceof HTMLElement)) return;
  const explain = () => (fault.hidden = false);
  if (media.error) explain();
  media.addEventListener("error", explain);
  media.addEventListener("keydown", (event) => seek(event, media));
  addTimeCode(place, media);
  const canvas = place.querySelector("canvas");
  const size = Number(place.getAttribute("data-player-size"));
  if (!canvas || size > MOST_BYTES || !window.OfflineAudioContext) return;
  const begin = () => addWave(canvas, media);
  if (size > AT_ONCE) media.addEventListener("play", begin, { once: true });
  else if (place.closest("details:not([open])")) {
    place.closest("details")?.addEventListener("toggle", begin, { once: true });
  } else begin();
}

/** @param {ParentNode} root */
export function wire(root) {
  for (const place of root.querySelectorAll("[data-player]")) wirePlayer(place);
}
