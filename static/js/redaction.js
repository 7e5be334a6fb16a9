/**
 * Marking what is to go from a file: boxes on what is seen, times of what is heard, the steps back and forward, and the
 * keys. All of it works without, by the fields in numbers.
 */
import { keysAreOff, wireKeybar } from "./keybar.js";
import { Boxes } from "./redaction_boxes.js";
import { Marks } from "./redaction_marks.js";
import { Ranges } from "./redaction_ranges.js";

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLElement &&
  target.matches("input, textarea, select") &&
  !(target instanceof HTMLInputElement && ["checkbox", "radio"].includes(target.type));

/** Pressing a button that goes on sends what was marked first. */
class Onward {
  isPassing = false;

  /**
   * @param {HTMLFormElement} form
   * @param {Marks} marks
   */
  constructor(form, marks) {
    this.form = form;
    this.marks = marks;
    form.addEventListener("submit", (event) => this.submit(event));
  }

  /** @param {SubmitEvent} event */
  async submit(event) {
    if (this.isPassing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const isSaved = await this.marks.save();
    // a form does not let itself be sent again while this event is still on its way
    await new Promise((resolve) => setTimeout(resolve));
    this.form.dispatchEvent(new Event("send:failed", { bubbles: true }));
    if (!isSaved) return;
    this.isPassing = true;
    this.form.requestSubmit(event.submitter);
    this.isPassing = false;
  }
}

class Desk {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.marks = new Marks(place);
    this.marks.wire();
    this.boxes = place.querySelector("[data-stage]") ? new Boxes(place, this.marks) : null;
    const ranges = place.querySelector("[data-ranges]");
    this.ranges = ranges instanceof HTMLElement ? new Ranges(ranges, this.marks) : null;
  }

  /** @param {number} step */
  step(step) {
    const isDone = this.marks.step(step);
    this.marks.say(isDone ? (step < 0 ? "One step back." : "One step forward.") : "There is no step left.");
  }

  tellSteps() {
    for (const [name, steps] of /** @type {[string, unknown[]][]} */ ([
      ["undo", this.marks.past],
      ["redo", this.marks.future],
    ])) {
      const button = this.place.querySelector(`[data-marks-${name}]`);
      button?.setAttribute("aria-disabled", String(steps.length === 0));
    }
    const told = document.querySelector("[data-marks-count]");
    if (told) told.textContent = this.counted();
  }

  counted() {
    const [boxes, spans] = [this.marks.boxes.length, this.marks.spans.length];
    const several = (/** @type {number} */ count, /** @type {string} */ one, /** @type {string} */ many) =>
      count ? [count === 1 ? `one ${one}` : `${count} ${many}`] : [];
    const parts = [...several(boxes, "box", "boxes"), ...several(spans, "part not heard", "parts not heard")];
    return parts.join(", ") || "Nothing so far";
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.defaultPrevented || isTyping(event.target) || !this.place.isConnected) return;
    if (this.boxes?.key(event) || this.ranges?.key(event) || this.shortcut(event)) event.preventDefault();
  }

  /** Whether what is new is a box: in a film only while one is at work on boxes. */
  get marksBoxes() {
    return !this.ranges || (this.boxes !== null && (this.boxes.isDrawing || this.boxes.focused !== null));
  }

  /** @param {KeyboardEvent} event */
  shortcut(event) {
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && !event.altKey && (key === "z" || key === "y")) {
      this.step(key === "y" || event.shiftKey ? 1 : -1);
      return true;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || keysAreOff()) return false;
    const act = {
      n: () => (this.marksBoxes ? this.boxes?.add() : this.ranges?.add()),
      b: () => this.boxes?.add(),
      i: () => this.ranges?.set("start"),
      o: () => this.ranges?.set("end"),
      p: () => this.ranges?.play(),
      "+": () => (this.ranges ?? this.boxes)?.zoomBy(1),
      "=": () => (this.ranges ?? this.boxes)?.zoomBy(1),
      "-": () => (this.ranges ?? this.boxes)?.zoomBy(-1),
    }[key];
    if (!act) return false;
    act();
    return true;
  }

  wire() {
    this.place.classList.add("is-wired");
    for (const part of this.place.querySelectorAll("[data-scripted]")) part.removeAttribute("hidden");
    for (const part of this.place.querySelectorAll("[data-unscripted]")) part.remove();
    this.boxes?.wire();
    this.ranges?.wire();
    this.place.querySelector("[data-marks-undo]")?.addEventListener("click", () => this.step(-1));
    this.place.querySelector("[data-marks-redo]")?.addEventListener("click", () => this.step(1));
    this.marks.watchers.add(() => this.tellSteps());
    this.tellSteps();
    document.addEventListener("keydown", (event) => this.key(event));
    wireKeybar(this.place);
    for (const form of document.querySelectorAll("[data-onward] form")) {
      if (form instanceof HTMLFormElement) new Onward(form, this.marks);
    }
  }
}

/** @param {ParentNode} root */
export function wire(root) {
  const place = root.querySelector("[data-marks]");
  if (place instanceof HTMLElement) new Desk(place).wire();
}
