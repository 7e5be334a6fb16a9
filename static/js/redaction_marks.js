/**
 * What is marked in a file, to be painted over or silenced: boxes and times, and the steps back and forward. Each change is
 * saved soon after it was made; when two windows meet, both stay until the person chooses.
 */
import { Numbers } from "./redaction_numbers.js";

const PAUSE = 500;
const RETRY = 5000;
const MOST_STEPS = 200;
const AWAY = "Not connected: not saved yet";
const SIGNED_OUT = "You are signed out. Sign in in another tab; what you marked is still here";
const WRONG = "Not saved: a number is missing, or a part ends before it begins";

/** @typedef {import("./redaction_numbers.js").Box} Box */
/** @typedef {import("./redaction_numbers.js").Span} Span */
/** @typedef {import("./redaction_numbers.js").State} State */

export class Marks {
  /** @type {Box[]} */
  boxes = [];
  /** @type {Span[]} */
  spans = [];
  /** @type {State[]} */
  past = [];
  /** @type {State[]} */
  future = [];
  /** @type {Set<() => void>} called after each change */
  watchers = new Set();
  /** @type {Set<(id: number) => void>} called when one of them is chosen */
  choosers = new Set();
  /** @type {number | null} the one that was last in focus */
  chosen = null;
  /** @type {State | null} what another window saved meanwhile */
  other = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;
  /** @type {Promise<boolean>} */
  under = Promise.resolve(true);
  next = 1;
  sent = "";

  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.form = /** @type {HTMLFormElement} */ (place.closest("form"));
    this.isFilm = place.dataset.marks === "film";
    this.numbers = new Numbers(place, this);
    this.numbers.wire();
    ({ boxes: this.boxes, spans: this.spans } = this.numbers.read());
    this.sent = this.written();
  }

  /** @returns {State} */
  get state() {
    return { boxes: this.boxes, spans: this.spans };
  }

  get isSaved() {
    return this.written() === this.sent;
  }

  newId() {
    this.next += 1;
    return this.next;
  }

  /**
   * Another state from now on, to which one step back leads.
   * @param {State} state
   * @param {State} [before] the state to which one comes back, when it was left in small steps
   */
  become(state, before = this.state) {
    this.past = [...this.past, before].slice(-MOST_STEPS);
    this.future = [];
    this.stand(state);
    this.later(PAUSE);
  }

  /**
   * The same without a step back, while something is still being moved.
   * @param {State} state
   */
  stand({ boxes, spans }) {
    this.boxes = boxes;
    this.spans = spans;
    this.numbers.write(this.state);
    for (const watcher of this.watchers) watcher();
  }

  /** @param {number} step -1 for back, 1 for forward */
  step(step) {
    const [from, to] = step < 0 ? [this.past, this.future] : [this.future, this.past];
    const state = from.pop();
    if (!state) return false;
    to.push(this.state);
    this.stand(state);
    this.later(PAUSE);
    return true;
  }

  /**
   * @param {Box | Span} mark
   * @returns {State}
   */
  with(mark) {
    const put = (/** @type {any[]} */ marks) =>
      marks.some((one) => one.id === mark.id) ? marks.map((one) => (one.id === mark.id ? mark : one)) : [...marks, mark];
    return "page" in mark ? { boxes: put(this.boxes), spans: this.spans } : { boxes: this.boxes, spans: put(this.spans) };
  }

  /** @param {number} id */
  choose(id) {
    this.chosen = id;
    for (const chooser of this.choosers) chooser(id);
  }

  /** @param {number} id */
  find(id) {
    return this.boxes.find((box) => box.id === id) ?? this.spans.find((span) => span.id === id) ?? null;
  }

  /** @param {number} id */
  remove(id) {
    const other = (/** @type {{id: number}} */ mark) => mark.id !== id;
    this.become({ boxes: this.boxes.filter(other), spans: this.spans.filter(other) });
  }

  /** What the fields say, to be compared. */
  written() {
    const { boxes, spans } = this.state;
    const bare = (/** @type {{id: number}} */ { id, ...rest }) => rest;
    return JSON.stringify([boxes.map(bare), spans.map(bare)]);
  }

  /** @param {string} words */
  say(words) {
    const place = this.place.querySelector("[data-marks-said]");
    if (place) place.textContent = words;
  }

  /** @param {string} words */
  tell(words) {
    const place = document.querySelector("[data-marks-saved]");
    if (place && place.textContent !== words) place.textContent = words;
  }

  /** @param {number} pause */
  later(pause) {
    clearTimeout(this.timer);
    this.tell("Saving");
    this.timer = setTimeout(() => this.save(), pause);
  }

  /**
   * @param {boolean} [isLeaving]
   * @returns {Promise<boolean>} whether the server has everything
   */
  save(isLeaving = false) {
    clearTimeout(this.timer);
    this.under = this.under.then(() => this.send(isLeaving));
    return this.under;
  }

  /** @param {boolean} isLeaving */
  async send(isLeaving) {
    const written = this.written();
    if (this.other || written === this.sent) {
      if (!this.other) this.tell("Saved");
      return !this.other;
    }
    const body = new URLSearchParams([...new FormData(this.form)].map(([name, value]) => [name, String(value)]));
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body,
        keepalive: isLeaving,
        redirect: "error",
      });
      if (answer.status === 401) return this.fail(SIGNED_OUT);
      const said = await answer.json();
      if (answer.status === 409 && said.rows) return this.meet(said);
      if (!answer.ok) return this.fail(said.message ?? answer.statusText, answer.status >= 500);
      this.rev = said.rev;
      this.sent = written;
      this.tell(this.isSaved ? "Saved" : "Saving");
      return this.isSaved;
    } catch {
      return this.fail(AWAY, true);
    }
  }

  /**
   * @param {string} words
   * @param {boolean} [isTriedAgain]
   */
  fail(words, isTriedAgain = false) {
    this.tell(words);
    this.say(words);
    if (isTriedAgain) this.timer = setTimeout(() => this.save(), RETRY);
    return false;
  }

  /** @param {number} rev */
  set rev(rev) {
    const field = this.place.querySelector("[name=rev]");
    if (field instanceof HTMLInputElement) field.value = String(rev);
  }

  /**
   * Another window saved something else: both stay until the person chooses.
   * @param {{rev: number, message: string, rows: {boxes: Box[], spans: Span[], words: string}}} said
   */
  meet(said) {
    const named = (/** @type {any} */ mark) => ({ ...mark, id: this.newId() });
    this.other = { boxes: said.rows.boxes.map(named), spans: said.rows.spans.map(named) };
    this.rev = said.rev;
    const section = this.place.querySelector("[data-marks-other]");
    const words = section?.querySelector("[data-marks-theirs]");
    if (words) words.textContent = said.rows.words;
    if (section instanceof HTMLElement) section.hidden = false;
    this.tell("Not saved: choose one of the two");
    this.say(said.message);
    section?.querySelector("button")?.focus();
    return false;
  }

  /** @param {boolean} isTheirs */
  settle(isTheirs) {
    const { other } = this;
    if (!other) return;
    this.other = null;
    const section = this.place.querySelector("[data-marks-other]");
    if (section instanceof HTMLElement) section.hidden = true;
    if (isTheirs) this.become(other);
    this.sent = isTheirs ? this.written() : "";
    this.save();
    const undo = this.place.querySelector("[data-marks-undo]");
    if (undo instanceof HTMLElement) undo.focus();
  }

  /** @param {Event} event */
  typed(event) {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || !field.closest("[data-row]")) return;
    const { wrong, ...now } = this.numbers.read();
    for (const row of this.place.querySelectorAll("[data-row]")) row.classList.toggle("is-wrong", wrong.includes(row));
    if (wrong.length) return this.tell(WRONG);
    if (JSON.stringify(now) !== JSON.stringify(this.state)) this.become(now);
  }

  wire() {
    this.form.addEventListener("change", (event) => this.typed(event));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.form.dispatchEvent(new Event("send:failed", { bubbles: true }));
      this.save();
    });
    this.place.querySelector("[data-take-theirs]")?.addEventListener("click", () => this.settle(true));
    this.place.querySelector("[data-keep-mine]")?.addEventListener("click", () => this.settle(false));
    window.addEventListener("beforeunload", (event) => {
      if (this.form.isConnected && !this.isSaved) event.preventDefault();
    });
    window.addEventListener("pagehide", () => this.save(true));
    window.addEventListener("online", () => this.save());
  }
}
