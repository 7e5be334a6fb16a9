/**
 * The lines of a record, made for one hand: a button begins a line with the time of the day, or with how far in it is;
 * criteria are chips; a line that is removed can be had back. Lines stand in the order of their times.
 */
import { Codes } from "./record_codes.js";
import { farIn, wireClock } from "./record_clock.js";

const OF_DAY = /^(\d{1,2})[:.]?(\d\d)$/u;
const HOW_FAR = /^(?:(\d{1,2})[:.])?(\d{1,3})[:.](\d\d)$/u;

/** @typedef {{at?: string, ask?: string, said?: string, codes?: string}} Said */

/** The time of the day as it is written. */
function timeOfDay() {
  const now = new Date();
  return `${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`;
}

class Lines {
  /**
   * @param {HTMLElement} section
   * @param {HTMLFormElement} form
   * @param {HTMLElement} list
   * @param {HTMLTemplateElement} pattern
   */
  constructor(section, form, list, pattern) {
    this.section = section;
    this.form = form;
    this.list = list;
    this.pattern = pattern;
    this.kind = section.dataset.linesKind ?? "";
    this.isOfDay = this.kind === "O";
    this.codes = new Codes(section);
    const clock = wireClock(section, form);
    this.now = this.isOfDay ? timeOfDay : clock;
    this.next = 1 + Math.max(-1, ...this.all.map((line) => Number(line.dataset.line)));
  }

  /** What stands behind the last line. */
  get end() {
    return this.pattern.parentElement;
  }

  get all() {
    return [...this.list.querySelectorAll("[data-line]")].filter((line) => line instanceof HTMLElement);
  }

  /**
   * @param {HTMLElement} line
   * @param {string} part
   * @returns {HTMLInputElement | HTMLTextAreaElement | null}
   */
  part(line, part) {
    const found = line.querySelector(`[name$="-${part}"]`);
    return found instanceof HTMLInputElement || found instanceof HTMLTextAreaElement ? found : null;
  }

  /** @param {HTMLElement} line */
  isEmpty(line) {
    return ["ask", "said", "codes"].every((part) => !this.part(line, part)?.value.trim());
  }

  /**
   * A new line at the end, not wired into the order yet.
   * @param {number} index
   */
  make(index) {
    const line = this.pattern.content.querySelector("[data-line]")?.cloneNode(true);
    if (!(line instanceof HTMLElement)) throw new TypeError("there is no pattern of a line");
    line.dataset.line = String(index);
    for (const one of [line, ...line.querySelectorAll("*")]) {
      for (const name of ["id", "name", "for"]) {
        const value = one.getAttribute(name);
        if (value) one.setAttribute(name, value.replace("notes-N-", `notes-${index}-`));
      }
    }
    this.next = Math.max(this.next, index + 1);
    this.list.insertBefore(line, this.end);
    this.wireLine(line);
    return line;
  }

  /** @param {Said} said */
  add(said) {
    const last = this.all.at(-1);
    const line = last && this.isEmpty(last) ? last : this.make(this.next);
    for (const [part, text] of Object.entries(said)) {
      const field = this.part(line, part);
      if (field) field.value = text;
    }
    this.settle(line);
    const first = this.part(line, said.ask ? "said" : "ask") ?? this.part(line, "said");
    first?.focus();
    line.scrollIntoView({ block: "nearest" });
    this.changed();
  }

  changed() {
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** @param {HTMLElement} line */
  seconds(line) {
    const text = this.part(line, "at")?.value.trim() ?? "";
    const found = (this.isOfDay ? OF_DAY : HOW_FAR).exec(text);
    if (!found) return null;
    const parts = found.slice(1).map((part) => Number(part ?? 0));
    return parts.reduce((sum, part) => sum * 60 + part, 0);
  }

  /**
   * Puts a line where its time belongs, and tells it apart from the others.
   * @param {HTMLElement} line
   */
  settle(line) {
    const mine = this.seconds(line);
    if (mine !== null) {
      const others = this.all.filter((one) => one !== line);
      const later = others.find((one) => (this.seconds(one) ?? -1) > mine);
      const place = later ?? this.end;
      if (line.nextElementSibling !== place) {
        const active = document.activeElement;
        this.list.insertBefore(line, place);
        if (active instanceof HTMLElement && line.contains(active)) active.focus();
      }
    }
    this.renumber();
  }

  /** Puts all lines in the order of their times; one without a time stays behind the one before it. */
  order() {
    let latest = 0;
    const keyed = this.all.map((line) => ({ line, at: (latest = this.seconds(line) ?? latest) }));
    for (const { line } of keyed.sort((one, other) => one.at - other.at)) this.list.insertBefore(line, this.end);
    this.renumber();
  }

  renumber() {
    for (const [index, line] of this.all.entries()) {
      const number = String(index + 1);
      line.dataset.number = number;
      for (const words of line.querySelectorAll("label, label .visually-hidden, .line-remove .visually-hidden")) {
        const text = words.lastChild;
        if (text instanceof Text) text.data = text.data.replace(/line (?:N|\d+)/u, `line ${number}`);
      }
      const codes = this.part(line, "codes");
      if (codes instanceof HTMLInputElement) this.codes.show(codes);
      const play = line.querySelector("[data-line-play]");
      const seconds = this.seconds(line);
      if (play instanceof HTMLElement) {
        play.hidden = seconds === null;
        play.dataset.place = farIn(seconds ?? 0);
      }
    }
    const none = this.section.querySelector("[data-lines-none]");
    if (none instanceof HTMLElement) none.hidden = this.all.length > 0;
  }

  /** @param {HTMLElement} line */
  remove(line) {
    const place = line.nextElementSibling;
    const wasEmpty = this.isEmpty(line);
    const said = this.section.querySelector("[data-lines-said]");
    line.remove();
    this.renumber();
    this.changed();
    if (!(said instanceof HTMLElement)) return;
    said.textContent = "Line removed. ";
    if (wasEmpty) return;
    const undo = document.createElement("button");
    undo.type = "button";
    undo.className = "btn-text";
    undo.textContent = "Put it back";
    undo.addEventListener("click", () => {
      this.list.insertBefore(line, place?.isConnected ? place : this.end);
      said.textContent = "The line is back.";
      this.settle(line);
      this.changed();
      this.part(line, "said")?.focus();
    });
    said.append(undo);
    undo.focus();
  }

  /** @param {HTMLElement} line */
  wireLine(line) {
    const codes = this.part(line, "codes");
    const chips = line.querySelector("[data-line-chips]");
    const remove = line.querySelector("[data-line-remove]");
    if (codes instanceof HTMLInputElement && chips instanceof HTMLElement && !codes.hasAttribute("aria-invalid")) {
      codes.hidden = true;
      chips.hidden = false;
      codes.labels?.forEach((label) => (label.hidden = true));
      codes.addEventListener("change", () => this.codes.show(codes));
    }
    if (remove instanceof HTMLElement) {
      remove.hidden = false;
      remove.addEventListener("click", () => this.remove(line));
    }
    this.part(line, "at")?.addEventListener("change", () => this.settle(line));
    this.part(line, "at")?.addEventListener("keydown", (event) => {
      if (!(event instanceof KeyboardEvent) || event.key !== "Enter") return;
      event.preventDefault();
      this.part(line, "said")?.focus();
    });
  }

  /**
   * Lines for everything that was kept of them, before it is put back.
   * @param {Record<string, unknown>} content
   */
  makeFor(content) {
    const there = new Set(this.all.map((line) => line.dataset.line));
    const kept = Object.keys(content).map((name) => /^notes-(\d+)-/u.exec(name)?.[1]);
    for (const index of new Set(kept)) {
      if (index !== undefined && !there.has(index)) this.make(Number(index));
    }
    this.renumber();
  }

  wire() {
    for (const line of this.all) {
      if (this.isEmpty(line) && !line.classList.contains("field-bad")) line.remove();
      else this.wireLine(line);
    }
    this.order();
    this.section.querySelector("[data-lines-plain]")?.remove();
    const add = this.form.querySelector("[data-lines-add]");
    if (add instanceof HTMLElement) {
      add.hidden = false;
      add.addEventListener("click", () => this.add(this.kind === "Q" ? {} : { at: this.now() }));
    }
    this.form.addEventListener("click", (event) => {
      const take = event.target instanceof Element ? event.target.closest("[data-take]") : null;
      if (!(take instanceof HTMLElement)) return;
      event.preventDefault();
      this.add({ ask: take.dataset.take ?? "", codes: take.dataset.takeCodes ?? "" });
    });
    this.form.addEventListener("draft:fill", (event) => {
      if (event instanceof CustomEvent) this.makeFor(event.detail);
    });
  }
}

/** @param {ParentNode} root */
export function wire(root) {
  const section = root.querySelector("[data-lines]");
  const list = section?.querySelector("[data-lines-list]");
  const pattern = section?.querySelector("template[data-line-pattern]");
  const form = section?.closest("form");
  if (!(section instanceof HTMLElement && list instanceof HTMLElement && form)) return;
  if (pattern instanceof HTMLTemplateElement) new Lines(section, form, list, pattern).wire();
}
