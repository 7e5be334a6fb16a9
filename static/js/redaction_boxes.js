/**
 * Boxes on pages, pictures and films: drawn by mouse, pen or finger, moved and stretched by their corners, and all of it
 * with the keys: the arrows move, with Shift they stretch, with Ctrl in small steps; Delete removes.
 */
import { within } from "./redaction_numbers.js";

/** @typedef {import("./redaction_numbers.js").Box} Box */
/** @typedef {import("./redaction_marks.js").Marks} Marks */

const LEAST = 0.004;
const [STEP, SMALL] = [0.01, 0.002];
const ZOOMS = [1, 1.5, 2, 3, 4];
const CORNERS = ["nw", "ne", "sw", "se"];
const IN_FILM = 5;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {number} fraction */
const percent = (fraction) => `${Math.round(fraction * 1000) / 10} %`;

class Stage {
  /** @type {Map<number, HTMLElement>} */
  drawn = new Map();

  /**
   * @param {Boxes} desk
   * @param {HTMLElement} element
   */
  constructor(desk, element) {
    this.desk = desk;
    this.element = element;
    this.page = Number(element.dataset.stage);
    this.name = element.dataset.stageName ?? "";
    this.film = element.querySelector("video");
    this.layer = document.createElement("div");
    this.layer.className = "boxes-layer";
    element.querySelector("[data-boxes-plain]")?.remove();
    element.append(this.layer);
  }

  /** @param {PointerEvent} event */
  point(event) {
    const area = this.layer.getBoundingClientRect();
    const [x, y] = [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height];
    return [within(x, 0, 1), within(y, 0, 1)];
  }

  /** @param {Box} box */
  isShown(box) {
    if (box.page !== this.page) return false;
    const now = this.film?.currentTime ?? 0;
    return !this.film || (now >= (box.start ?? 0) - 0.05 && now <= (box.end ?? 0) + 0.05);
  }

  draw() {
    const own = this.desk.marks.boxes.filter((box) => box.page === this.page);
    const known = new Set(own.map((box) => box.id));
    for (const [id, element] of this.drawn) {
      if (known.has(id)) continue;
      element.remove();
      this.drawn.delete(id);
    }
    for (const box of own) this.place(box);
  }

  /** @param {Box} box */
  place(box) {
    const element = this.drawn.get(box.id) ?? this.make(box.id);
    const number = this.desk.marks.boxes.indexOf(box) + 1;
    element.style.left = `${box.left * 100}%`;
    element.style.top = `${box.top * 100}%`;
    element.style.width = `${(box.right - box.left) * 100}%`;
    element.style.height = `${(box.bottom - box.top) * 100}%`;
    element.hidden = !this.isShown(box);
    element.setAttribute("aria-label", `Box ${number} on ${this.name}: ${this.words(box)}`);
  }

  /** @param {Box} box */
  words(box) {
    const [wide, high] = [percent(box.right - box.left), percent(box.bottom - box.top)];
    return `${percent(box.left)} from the left, ${percent(box.top)} from the top, ${wide} wide, ${high} high`;
  }

  /** @param {number} id */
  make(id) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "redbox";
    element.dataset.box = String(id);
    element.setAttribute("aria-describedby", "boxes-keys");
    for (const corner of CORNERS) {
      const handle = document.createElement("span");
      handle.className = `redbox-corner is-${corner}`;
      handle.dataset.corner = corner;
      element.append(handle);
    }
    element.addEventListener("pointerdown", (event) => this.grip(event, id));
    element.addEventListener("focus", () => this.desk.marks.choose(id));
    this.layer.append(element);
    this.drawn.set(id, element);
    return element;
  }

  /**
   * Follows a finger or the mouse until it lets go; Escape and a lost pointer undo what was done.
   * @param {PointerEvent} event
   * @param {HTMLElement} held
   * @param {(x: number, y: number) => Box | null} where
   */
  follow(event, held, where) {
    event.preventDefault();
    const { marks } = this.desk;
    const before = marks.state;
    let last = /** @type {Box | null} */ (null);
    const leave = new AbortController();
    held.setPointerCapture(event.pointerId);
    const end = (/** @type {boolean} */ isKept) => {
      leave.abort();
      const after = isKept && last ? marks.with(last) : before;
      marks.stand(before);
      if (after !== before) marks.become(after, before);
      if (isKept && last) this.desk.focus(last.id);
    };
    const told = { signal: leave.signal };
    held.addEventListener(
      "pointermove",
      (moved) => {
        last = where(...this.point(moved)) ?? last;
        if (last) marks.stand(marks.with(last));
      },
      told,
    );
    held.addEventListener("pointerup", () => end(true), told);
    held.addEventListener("pointercancel", () => end(false), told);
    document.addEventListener("keydown", (key) => key.key === "Escape" && end(false), told);
  }

  /**
   * @param {PointerEvent} event
   * @param {number} id
   */
  grip(event, id) {
    const box = this.desk.marks.boxes.find((one) => one.id === id);
    const target = event.target;
    if (!box || event.button !== 0 || !(target instanceof HTMLElement)) return;
    event.stopPropagation();
    const corner = target.dataset.corner ?? "";
    const element = /** @type {HTMLElement} */ (this.drawn.get(id));
    element.focus({ preventScroll: true });
    const [x0, y0] = this.point(event);
    this.follow(event, element, (x, y) => (corner ? stretched(box, corner, x, y) : moved(box, x - x0, y - y0)));
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (event.button !== 0 || !this.desk.mayDraw(event, this)) return;
    const [x0, y0] = this.point(event);
    const id = this.desk.marks.newId();
    this.film?.pause();
    this.follow(event, this.layer, (x, y) => {
      const [left, right, top, bottom] = [Math.min(x, x0), Math.max(x, x0), Math.min(y, y0), Math.max(y, y0)];
      const box = this.desk.boxOf(this, { id, left, top, right, bottom });
      return box.right - box.left >= LEAST && box.bottom - box.top >= LEAST ? box : null;
    });
  }

  wire() {
    this.layer.addEventListener("pointerdown", (event) => this.begin(event));
    for (const when of ["timeupdate", "seeked"]) this.film?.addEventListener(when, () => this.draw());
  }
}

/**
 * @param {Box} box
 * @param {number} x
 * @param {number} y
 */
function moved(box, x, y) {
  const [right, down] = [within(x, -box.left, 1 - box.right), within(y, -box.top, 1 - box.bottom)];
  return { ...box, left: box.left + right, right: box.right + right, top: box.top + down, bottom: box.bottom + down };
}

/**
 * @param {Box} box
 * @param {string} corner
 * @param {number} x
 * @param {number} y
 */
function stretched(box, corner, x, y) {
  const sides = { ...box };
  if (corner.includes("w")) sides.left = within(x, 0, box.right - LEAST);
  else sides.right = within(x, box.left + LEAST, 1);
  if (corner.includes("n")) sides.top = within(y, 0, box.bottom - LEAST);
  else sides.bottom = within(y, box.top + LEAST, 1);
  return sides;
}

export class Boxes {
  zoom = 1;
  isDrawing = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  saying = undefined;

  /**
   * @param {HTMLElement} place
   * @param {Marks} marks
   */
  constructor(place, marks) {
    this.place = place;
    this.marks = marks;
    this.stages = [...place.querySelectorAll("[data-stage]")].map(
      (element) => new Stage(this, /** @type {HTMLElement} */ (element)),
    );
  }

  /**
   * A box on a stage; in a film it lasts a few seconds from now on.
   * @param {Stage} stage
   * @param {{id: number, left: number, top: number, right: number, bottom: number}} sides
   * @returns {Box}
   */
  boxOf(stage, sides) {
    const start = stage.film ? Math.round(stage.film.currentTime * 10) / 10 : null;
    const end = start === null ? null : Math.min(start + IN_FILM, stage.film?.duration || start + IN_FILM);
    return { page: stage.page, start, end, ...sides };
  }

  /**
   * A finger scrolls and a film has its own controls, until drawing is switched on.
   * @param {PointerEvent} event
   * @param {Stage} stage
   */
  mayDraw(event, stage) {
    return this.isDrawing || (event.pointerType !== "touch" && !stage.film);
  }

  /** @param {number} id */
  paint(id) {
    for (const stage of this.stages) {
      for (const [each, element] of stage.drawn) element.classList.toggle("is-chosen", each === id);
    }
  }

  /** @param {number} id */
  focus(id) {
    const stage = this.stages.find((one) => one.drawn.has(id));
    stage?.drawn.get(id)?.focus({ preventScroll: true });
    this.marks.choose(id);
  }

  draw() {
    for (const stage of this.stages) stage.draw();
  }

  /** The stage of which most is seen. */
  get seen() {
    const height = (/** @type {Stage} */ stage) => {
      const area = stage.layer.getBoundingClientRect();
      return Math.min(area.bottom, innerHeight) - Math.max(area.top, 0);
    };
    return this.stages.reduce((best, stage) => (height(stage) > height(best) ? stage : best), this.stages[0]);
  }

  /** A new box in the middle of what is seen. */
  add() {
    const stage = this.stages.find((one) => one.drawn.has(this.focused ?? -1)) ?? this.seen;
    if (!stage) return;
    stage.film?.pause();
    const area = stage.layer.getBoundingClientRect();
    const frame = (stage.element.parentElement ?? stage.element).getBoundingClientRect();
    const [top, bottom] = [Math.max(area.top, 0), Math.min(area.bottom, innerHeight)];
    const [left, right] = [Math.max(area.left, frame.left), Math.min(area.right, frame.right)];
    const isSeen = bottom > top;
    const x = within(((left + right) / 2 - area.left) / area.width, 0.1, 0.9);
    const y = isSeen ? within(((top + bottom) / 2 - area.top) / area.height, 0.05, 0.95) : 0.5;
    const [wide, high] = [0.2 / this.zoom, (area.height > area.width ? 0.04 : 0.12) / this.zoom];
    const id = this.marks.newId();
    const sides = { left: x - wide / 2, right: x + wide / 2, top: y - high / 2, bottom: y + high / 2 };
    this.marks.become(this.marks.with(this.boxOf(stage, { id, ...sides })));
    const element = stage.drawn.get(id);
    element?.focus({ preventScroll: isSeen });
    this.say("A new box. The arrow keys move it.");
  }

  get focused() {
    const active = document.activeElement;
    return active instanceof HTMLElement && active.dataset.box ? Number(active.dataset.box) : null;
  }

  /** @param {number} step */
  zoomBy(step) {
    const at = within(ZOOMS.indexOf(this.zoom) + step, 0, ZOOMS.length - 1);
    const stage = this.seen;
    if (ZOOMS[at] === this.zoom || !stage) return this.say(`${this.zoom * 100} %`);
    const before = stage.layer.getBoundingClientRect();
    const [x, y] = [(innerWidth / 2 - before.left) / before.width, (innerHeight / 2 - before.top) / before.height];
    this.zoom = ZOOMS[at];
    for (const one of this.stages) one.element.style.width = `${this.zoom * 100}%`;
    const after = stage.layer.getBoundingClientRect();
    scrollBy({ top: after.top + y * after.height - innerHeight / 2, behavior: "instant" });
    const frame = stage.element.parentElement;
    if (frame) frame.scrollLeft += after.left + x * after.width - innerWidth / 2;
    const told = this.place.querySelector("[data-zoom-now]");
    if (told) told.textContent = `${this.zoom * 100} %`;
    this.say(`${this.zoom * 100} %`);
  }

  /** @param {boolean} isOn */
  setDrawing(isOn) {
    this.isDrawing = isOn;
    this.place.classList.toggle("is-drawing", isOn);
    const button = this.place.querySelector("[data-draw]");
    button?.setAttribute("aria-pressed", String(isOn));
  }

  /** @param {string} words */
  say(words) {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.marks.say(words), 150);
  }

  /**
   * @param {Box} box
   * @param {KeyboardEvent} event
   */
  nudge(box, event) {
    const stage = this.stages.find((one) => one.drawn.has(box.id));
    const [x, y] = ARROWS[/** @type {keyof ARROWS} */ (event.key)];
    const step = event.ctrlKey || event.metaKey ? SMALL : STEP;
    const next = event.shiftKey
      ? stretched(box, "se", box.right + x * step, box.bottom + y * step)
      : moved(box, x * step, y * step);
    this.marks.become(this.marks.with(next));
    this.say(stage?.words(next) ?? "");
  }

  /** @param {number} id */
  remove(id) {
    const at = this.marks.boxes.findIndex((box) => box.id === id);
    const neighbour = this.marks.boxes[at + 1] ?? this.marks.boxes[at - 1];
    this.marks.remove(id);
    this.say("The box is removed.");
    const isSeen = this.stages.some((stage) => neighbour && stage.drawn.get(neighbour.id)?.hidden === false);
    if (isSeen) this.focus(neighbour.id);
    else {
      const add = this.place.querySelector("[data-add-box]");
      if (add instanceof HTMLElement) add.focus();
    }
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was one of a box
   */
  key(event) {
    const box = this.marks.boxes.find((one) => one.id === this.focused);
    if (!box || event.altKey) return false;
    if (event.key in ARROWS) this.nudge(box, event);
    else if (event.key === "Delete" || event.key === "Backspace") this.remove(box.id);
    else return false;
    return true;
  }

  wire() {
    for (const stage of this.stages) stage.wire();
    this.place.querySelector("[data-add-box]")?.addEventListener("click", () => this.add());
    for (const button of this.place.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => this.zoomBy(Number(button.getAttribute("data-zoom"))));
    }
    this.place.querySelector("[data-draw]")?.addEventListener("click", () => this.setDrawing(!this.isDrawing));
    this.marks.watchers.add(() => this.draw());
    this.marks.choosers.add((id) => this.paint(id));
    this.draw();
  }
}
