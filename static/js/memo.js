/** Records a voice memo in the page: record, stop, listen, keep or throw away. Nothing leaves the page before "keep". */

const KINDS = [
  ["audio/mp4", "m4a"],
  ["audio/ogg;codecs=opus", "ogg"],
  ["audio/webm;codecs=opus", "webm"],
];
const REFUSED =
  "The microphone may not be used. Allow it for this site in your browser, or choose a recording that you have.";

/** @param {number} seconds */
function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** @param {string} ending */
function memoName(ending) {
  const now = new Date();
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `Voice memo ${day} ${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}.${ending}`;
}

/** What is recorded, in one place. */
class Memo {
  /**
   * @param {HTMLElement} place
   * @param {(files: File[]) => void} add
   */
  constructor(place, add) {
    this.place = place;
    this.add = add;
    this.kind = KINDS.find(([kind]) => MediaRecorder.isTypeSupported(kind)) ?? ["", "webm"];
    /** @type {MediaRecorder | null} */
    this.recorder = null;
    /** @type {Blob | null} */
    this.recorded = null;
    /** @type {AudioContext | null} */
    this.playing = null;
    this.ticking = 0;
    this.on("record", () => this.record());
    this.on("stop", () => this.recorder?.stop());
    this.on("listen", () => this.listen());
    this.on("keep", () => this.keep());
    this.on("discard", () => this.start("Thrown away."));
  }

  /** @param {string} what */
  part(what) {
    const found = this.place.querySelector(`[data-memo-${what}]`);
    if (!(found instanceof HTMLElement)) throw new TypeError(`a voice memo has no ${what}`);
    return found;
  }

  /**
   * @param {string} what
   * @param {() => unknown} act
   */
  on(what, act) {
    this.part(what).addEventListener("click", act);
  }

  /**
   * @param {string[]} shown
   * @param {string} said
   */
  show(shown, said) {
    const hadFocus = this.place.contains(document.activeElement);
    for (const what of ["record", "stop", "listen", "keep", "discard"]) this.part(what).hidden = !shown.includes(what);
    this.part("said").textContent = said;
    if (hadFocus) this.part(shown[0]).focus();
  }

  /** @param {string} said */
  start(said) {
    this.stopPlaying();
    this.recorded = null;
    this.part("time").textContent = "";
    this.show(["record"], said);
  }

  async record() {
    this.part("said").textContent = "Your browser asks whether this page may use the microphone.";
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      this.take(stream);
    } catch (error) {
      const isMissing = error instanceof DOMException && error.name === "NotFoundError";
      this.part("said").textContent = isMissing ? "There is no microphone on this device." : REFUSED;
    }
  }

  /** @param {MediaStream} stream */
  take(stream) {
    /** @type {Blob[]} */
    const pieces = [];
    const recorder = new MediaRecorder(stream, this.kind[0] ? { mimeType: this.kind[0] } : {});
    recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
    recorder.addEventListener("stop", () => {
      for (const track of stream.getTracks()) track.stop();
      window.clearInterval(this.ticking);
      this.recorder = null;
      this.place.dispatchEvent(new Event("memo:stopped", { bubbles: true }));
      this.recorded = new Blob(pieces, { type: this.kind[0] });
      this.show(["listen", "keep", "discard"], "Recorded. Listen to it, keep it, or throw it away.");
    });
    const began = Date.now();
    this.ticking = window.setInterval(() => {
      this.part("time").textContent = clock(Math.round((Date.now() - began) / 1000));
    }, 500);
    this.recorder = recorder;
    recorder.start();
    this.place.dispatchEvent(new Event("memo:started", { bubbles: true }));
    this.part("time").textContent = clock(0);
    this.show(["stop"], "Recording.");
  }

  async listen() {
    if (this.recorded === null) return;
    this.stopPlaying();
    const context = new AudioContext();
    this.playing = context;
    const source = context.createBufferSource();
    source.buffer = await context.decodeAudioData(await this.recorded.arrayBuffer());
    source.connect(context.destination);
    source.addEventListener("ended", () => {
      if (this.playing === context) this.part("said").textContent = "That was all of it.";
    });
    source.start();
    this.part("said").textContent = "Playing.";
  }

  stopPlaying() {
    void this.playing?.close();
    this.playing = null;
  }

  keep() {
    if (this.recorded === null) return;
    const file = new File([this.recorded], memoName(this.kind[1]), { type: this.kind[0] });
    this.start("Kept. It is in the list below.");
    this.add([file]);
  }
}

/**
 * @param {HTMLElement} zone
 * @param {(files: File[]) => void} add
 */
export function wire(zone, add) {
  const place = zone.querySelector("[data-memo]");
  if (!(place instanceof HTMLElement)) return;
  if (!("MediaRecorder" in window) || !navigator.mediaDevices) return;
  place.hidden = false;
  new Memo(place, add).start("");
}
