/**
 * Times of a recording: drawn on the shape of its sound, moved by their middle and by their ends, and with the keys: I and
 * O set where a part begins and ends, the arrows move it by tenths of a second, with Shift by whole ones. In a film the
 * times of boxes are moved in the same way. What is chosen is not heard while one listens here, if that is switched on.
 */
import { timeWords, within } from "./redaction_numbers.js";

/** @typedef {import("./redaction_numbers.js").Box} Box */
/** @typedef {import("./redaction_numbers.js").Span} Span */
/** @typedef {import("./redaction_marks.js").Marks} Marks */

const LEAST = 0.1;
const NEW = 2;
const [STEP, LARGE] = [0.1, 1];
const ZOOMS = [1, 2, 4, 8, 16];
const DRAG = 4;
const BEFORE = 1;
const CHOOSE = "Choose a part first, or press I where one begins.";
/** Beside each other so many boxes of a film are told apart. */
const LANES = 4;

/** @param {number} seconds */
const tenths = (seconds) => Math.round(seconds * 10) / 10;

class Strip {
  /**
   * @param {Ranges} desk
   * @param {number} id
   * @param {boolean} isBox
   */
  constructor(desk, id, isBox) {
    this.desk = desk;
    this.id = id;
    this.isBox = isBox;
    this.element = document.createElement("div");
    this.element.className = isBox ? "range-strip is-box" : "range-strip";
    this.element.setAttribute("role", "group");
    this.body = this.button("range-body");
    this.ends = ["start", "end"].map((end) => {
      const handle = this.button(`range-end is-${end}`);
      handle.setAttribute("role", "slider");
      handle.dataset.end = end;
      return handle;
    });
    this.body.setAttribute("aria-describedby", "ranges-keys");
    this.element.append(this.ends[0], this.body, this.ends[1]);
  }

  /** @param {string} name */
  button(name) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = name;
    button.dataset.strip = String(this.id);
    button.addEventListener("pointerdown", (event) => this.grip(event));
    button.addEventListener("focus", () => this.desk.marks.choose(this.id));
    return button;
  }

  /**
   * @param {Span | Box} mark
   * @param {number} number
   */
  place(mark, number) {
    const { seconds } = this.desk;
    const [start, end] = [mark.start ?? 0, mark.end ?? 0];
    const name = this.isBox ? `Box ${number}` : `Part ${number}`;
    this.element.style.left = `${(start / seconds) * 100}%`;
    this.element.style.width = `${((end - start) / seconds) * 100}%`;
    if (this.isBox) this.element.style.bottom = `${((number - 1) % LANES) * 1.5}rem`;
    this.element.setAttribute("aria-label", name);
    this.body.setAttribute("aria-label", `${name}, from ${timeWords(start)} to ${timeWords(end)}`);
    for (const [handle, at, words] of /** @type {[HTMLElement, number, string][]} */ ([
      [this.ends[0], start, "Start"],
      [this.ends[1], end, "End"],
    ])) {
      handle.setAttribute("aria-label", `${words} of ${name.toLowerCase()}`);
      handle.setAttribute("aria-valuemin", "0");
      handle.setAttribute("aria-valuemax", String(seconds));
      handle.setAttribute("aria-valuenow", String(tenths(at)));
      handle.setAttribute("aria-valuetext", timeWords(at));
    }
  }

  /** @param {PointerEvent} event */
  grip(event) {
    const mark = this.desk.marks.find(this.id);
    const held = event.currentTarget;
    if (!mark || event.button !== 0 || !(held instanceof HTMLElement)) return;
    event.stopPropagation();
    held.focus({ preventScroll: true });
    const from = this.desk.timeAt(event);
    const end = held.dataset.end ?? "";
    this.desk.follow(event, held, (to) => this.desk.shifted(mark, end, to - from), () => this.desk.seek(mark.start ?? 0));
  }
}

export class Ranges {
  zoom = 1;
  isDrawing = false;
  isHushed = true;
  /** @type {Map<number, Strip>} */
  strips = new Map();
  /** @type {number | null} */
  stopAt = null;

  /**
   * @param {HTMLElement} place
   * @param {Marks} marks
   */
  constructor(place, marks) {
    this.place = place;
    this.marks = marks;
    this.media = /** @type {HTMLMediaElement} */ (place.querySelector("[data-media]"));
    this.track = /** @type {HTMLElement} */ (place.querySelector("[data-track]"));
    this.frame = /** @type {HTMLElement} */ (place.querySelector("[data-track-frame]"));
    this.known = Number(place.dataset.seconds) || 0;
    this.layer = document.createElement("div");
    this.layer.className = "range-strips";
    this.head = document.createElement("div");
    this.head.className = "playhead";
    this.track.querySelector("[data-ranges-plain]")?.remove();
    this.layer.append(this.head);
    this.track.append(this.layer);
  }

  get seconds() {
    return this.known || (Number.isFinite(this.media.duration) ? this.media.duration : 0) || 1;
  }

  get now() {
    return tenths(this.media.currentTime);
  }

  /** @param {PointerEvent} event */
  timeAt(event) {
    const area = this.layer.getBoundingClientRect();
    return within((event.clientX - area.left) / area.width, 0, 1) * this.seconds;
  }

  /** @param {number} seconds */
  seek(seconds) {
    this.media.currentTime = within(seconds, 0, this.seconds);
  }

  /**
   * A mark that was moved, or one end of it.
   * @template {Span | Box} Mark
   * @param {Mark} mark
   * @param {string} end
   * @param {number} by
   * @returns {Mark}
   */
  shifted(mark, end, by) {
    const [start, last] = [mark.start ?? 0, mark.end ?? 0];
    if (end === "start") return { ...mark, start: tenths(within(start + by, 0, last - LEAST)) };
    if (end === "end") return { ...mark, end: tenths(within(last + by, start + LEAST, this.seconds)) };
    const most = within(by, -start, this.seconds - last);
    return { ...mark, start: tenths(start + most), end: tenths(last + most) };
  }

  /**
   * Follows what is dragged until it is let go; what was only pressed is a press.
   * @param {PointerEvent} event
   * @param {HTMLElement} held
   * @param {(to: number) => Span | Box | null} where
   * @param {() => void} pressed
   */
  follow(event, held, where, pressed) {
    event.preventDefault();
    const before = this.marks.state;
    const leave = new AbortController();
    const told = { signal: leave.signal };
    let last = /** @type {Span | Box | null} */ (null);
    held.setPointerCapture(event.pointerId);
    const end = (/** @type {boolean} */ isKept) => {
      leave.abort();
      this.marks.stand(before);
      if (!isKept) return;
      if (!last) return pressed();
      this.marks.become(this.marks.with(last), before);
      this.focus(last.id);
    };
    held.addEventListener(
      "pointermove",
      (moved) => {
        if (!last && Math.abs(moved.clientX - event.clientX) < DRAG) return;
        last = where(this.timeAt(moved)) ?? last;
        if (last) this.marks.stand(this.marks.with(last));
      },
      told,
    );
    held.addEventListener("pointerup", () => end(true), told);
    held.addEventListener("pointercancel", () => end(false), told);
    document.addEventListener("keydown", (key) => key.key === "Escape" && end(false), told);
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (event.button !== 0) return;
    const from = this.timeAt(event);
    const id = this.marks.newId();
    const isScroll = event.pointerType === "touch" && this.zoom > 1 && !this.isDrawing;
    if (isScroll) return;
    this.follow(
      event,
      this.layer,
      (to) => {
        const [start, end] = [tenths(Math.min(from, to)), tenths(Math.max(from, to))];
        return end - start >= LEAST ? { id, start, end } : null;
      },
      () => this.seek(from),
    );
  }

  /** @param {number} id */
  paint(id) {
    for (const [each, strip] of this.strips) strip.element.classList.toggle("is-chosen", each === id);
  }

  /** @param {number} id */
  focus(id) {
    this.strips.get(id)?.body.focus({ preventScroll: true });
    this.marks.choose(id);
  }

  get timed() {
    return this.marks.isFilm ? this.marks.boxes : [];
  }

  draw() {
    const shown = [...this.marks.spans, ...this.timed];
    const known = new Set(shown.map((mark) => mark.id));
    for (const [id, strip] of this.strips) {
      if (known.has(id)) continue;
      strip.element.remove();
      this.strips.delete(id);
    }
    for (const [index, mark] of shown.entries()) {
      const isBox = index >= this.marks.spans.length;
      const strip = this.strips.get(mark.id) ?? new Strip(this, mark.id, isBox);
      if (!strip.element.isConnected) this.layer.append(strip.element);
      this.strips.set(mark.id, strip);
      strip.place(mark, isBox ? index - this.marks.spans.length + 1 : index + 1);
    }
  }

  /** A part of two seconds from where one is. */
  add() {
    const start = within(this.now, 0, Math.max(0, this.seconds - LEAST));
    const id = this.marks.newId();
    this.marks.become(this.marks.with({ id, start, end: tenths(Math.min(this.seconds, start + NEW)) }));
    this.focus(id);
    this.marks.say(`A new part from ${timeWords(start)}.`);
  }

  /**
   * Where one is becomes the beginning or the end of what is chosen; without anything chosen a part begins here.
   * @param {string} end
   */
  set(end) {
    const mark = this.marks.find(this.marks.chosen ?? -1);
    if (!mark || !this.strips.has(mark.id)) return end === "start" ? this.add() : this.marks.say(CHOOSE);
    const isOn = end === "start" ? this.now < (mark.end ?? 0) : this.now > (mark.start ?? 0);
    const moved = isOn
      ? { ...mark, [end]: this.now }
      : { ...mark, start: this.now, end: tenths(Math.min(this.seconds, this.now + NEW)) };
    this.marks.become(this.marks.with(moved));
    this.marks.say(`From ${timeWords(moved.start ?? 0)} to ${timeWords(moved.end ?? 0)}.`);
  }

  /** @param {number} id */
  remove(id) {
    const order = [...this.strips.keys()];
    const neighbour = order[order.indexOf(id) + 1] ?? order[order.indexOf(id) - 1];
    this.marks.remove(id);
    this.marks.say("It is removed.");
    if (neighbour) this.focus(neighbour);
    else {
      const add = this.place.querySelector("[data-add-span]");
      if (add instanceof HTMLElement) add.focus();
    }
  }

  play() {
    if (this.media.paused) this.media.play();
    else this.media.pause();
  }

  /**
   * What is chosen, with a moment before and after it.
   * @param {number} id
   */
  playPart(id) {
    const mark = this.marks.find(id);
    if (!mark) return;
    this.seek((mark.start ?? 0) - BEFORE);
    this.stopAt = (mark.end ?? 0) + BEFORE;
    this.media.play();
  }

  /** @param {number} step */
  zoomBy(step) {
    this.zoom = ZOOMS[within(ZOOMS.indexOf(this.zoom) + step, 0, ZOOMS.length - 1)];
    this.track.style.width = `${this.zoom * 100}%`;
    this.track.classList.toggle("is-zoomed", this.zoom > 1);
    this.follows();
    const told = this.place.querySelector("[data-zoom-time-now]");
    if (told) told.textContent = `${this.zoom} ×`;
    this.marks.say(`${this.zoom} times as wide`);
  }

  /** Keeps the place that is heard in sight. */
  follows() {
    const x = (this.media.currentTime / this.seconds) * this.track.clientWidth;
    const { scrollLeft, clientWidth } = this.frame;
    if (x < scrollLeft || x > scrollLeft + clientWidth) this.frame.scrollLeft = x - clientWidth / 3;
  }

  /** Where one is, and whether it is to be heard. */
  tick() {
    const now = this.media.currentTime;
    this.head.style.left = `${(now / this.seconds) * 100}%`;
    const code = this.place.querySelector("[data-now]");
    const words = timeWords(Math.floor(now * 10) / 10);
    if (code && code.textContent !== words) code.textContent = words;
    this.media.muted = this.isHushed && this.marks.spans.some((span) => now >= span.start && now < span.end);
    if (this.stopAt !== null && now >= this.stopAt) {
      this.stopAt = null;
      this.media.pause();
    }
    this.follows();
    if (!this.media.paused) requestAnimationFrame(() => this.tick());
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was one of a part
   */
  key(event) {
    const focused = document.activeElement;
    if (!(focused instanceof HTMLElement) || !focused.dataset.strip || event.altKey) return false;
    const id = Number(focused.dataset.strip);
    const mark = this.marks.find(id);
    if (!mark) return false;
    const end = focused.dataset.end ?? "";
    const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (way) {
      const moved = this.shifted(mark, end, way * (event.shiftKey ? LARGE : STEP));
      this.marks.become(this.marks.with(moved));
      if (!end) this.marks.say(`From ${timeWords(moved.start ?? 0)} to ${timeWords(moved.end ?? 0)}.`);
    } else if (event.key === "Delete" || event.key === "Backspace") this.remove(id);
    else if (event.key === "Enter" && !end) this.playPart(id);
    else return false;
    return true;
  }

  wire() {
    this.layer.addEventListener("pointerdown", (event) => this.begin(event));
    for (const when of ["timeupdate", "seeked", "play", "loadedmetadata"]) {
      this.media.addEventListener(when, () => this.tick());
    }
    this.media.addEventListener("loadedmetadata", () => this.draw());
    this.media.addEventListener("pause", () => (this.stopAt = null));
    const fault = this.place.querySelector("[data-media-fault]");
    const explain = () => fault instanceof HTMLElement && (fault.hidden = false);
    if (this.media.error) explain();
    this.media.addEventListener("error", explain);
    this.place.querySelector("[data-add-span]")?.addEventListener("click", () => this.add());
    for (const button of this.place.querySelectorAll("[data-set]")) {
      button.addEventListener("click", () => this.set(button.getAttribute("data-set") ?? ""));
    }
    for (const button of this.place.querySelectorAll("[data-zoom-time]")) {
      button.addEventListener("click", () => this.zoomBy(Number(button.getAttribute("data-zoom-time"))));
    }
    for (const word of this.place.querySelectorAll("[data-word-at]")) {
      word.addEventListener("click", () => this.seek(Number(word.getAttribute("data-word-at"))));
    }
    const hush = this.place.querySelector("[data-hush]");
    hush?.addEventListener("change", () => {
      this.isHushed = hush instanceof HTMLInputElement && hush.checked;
      this.tick();
    });
    this.marks.watchers.add(() => this.draw());
    this.marks.choosers.add((id) => this.paint(id));
    this.draw();
    this.tick();
  }
}
