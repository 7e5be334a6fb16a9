/**
 * Pointing to a place in evidence, in [data-places]: by pressing a page, a paragraph, a row or a cell, by selecting text, by
 * playing a recording, or step by step with the buttons of [data-place-bar]. What is pointed to can then be used.
 */
import { holders, placeAt, wordsOf } from "./places.js";

const STEPS = "[data-piece^='page-'], [data-piece^='slide-'], [data-n], [data-place-sheet] tbody tr, audio, video";
const POINTED = "is-pointed";
const POINTED_TO = new Event("places:pointed");

/** @param {number} number */
function letters(number) {
  let said = "";
  for (let rest = number; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    said = String.fromCharCode(65 + ((rest - 1) % 26)) + said;
  }
  return said;
}

/**
 * Where an element stands: the file when there are several, the sheet, the page or the slide.
 * @param {Element} element
 */
function around(element) {
  const holder = element.closest("[data-place-file], [data-place-text]");
  const piece = element.closest("[data-piece]")?.getAttribute("data-piece") ?? "";
  const on = /^(page|slide)-(\d+)$/u.exec(piece);
  const sheets = holder?.querySelectorAll("[data-place-sheet]").length ?? 0;
  return {
    file: holders().length > 1 ? (holder?.getAttribute("data-place-file") ?? "") : "",
    sheet: sheets > 1 ? (element.closest("[data-place-sheet]")?.getAttribute("data-place-sheet") ?? "") : "",
    on: on ? { [on[1]]: Number(on[2]) } : {},
  };
}

/**
 * The words for what is pointed to, from its first element to its last.
 * @param {Element[]} pointed
 */
function wordsFor(pointed) {
  const first = pointed[0];
  const end = pointed[pointed.length - 1];
  const { file, sheet, on } = around(first);
  if (first instanceof HTMLMediaElement) {
    return wordsOf(placeAt({ spot: "time", first: Math.floor(first.currentTime), file }));
  }
  if (first instanceof HTMLTableCellElement) {
    const row = /** @type {HTMLTableRowElement} */ (first.parentElement);
    return wordsOf(placeAt({ spot: "cell", first: row.rowIndex, column: letters(first.cellIndex), sheet, file }));
  }
  if (first instanceof HTMLTableRowElement) {
    return wordsOf(placeAt({ spot: "row", first: first.rowIndex, sheet, file }));
  }
  const number = Number(first.getAttribute("data-n"));
  if (number) {
    const last = Number(end.getAttribute("data-n"));
    return wordsOf(placeAt({ spot: "paragraph", first: number, last: last > number ? last : 0, ...on, file }));
  }
  const [spot, of] = Object.entries(on)[0] ?? [];
  return spot ? wordsOf(placeAt({ spot, first: of, file })) : "";
}

class Pointer {
  /** @type {Element[]} */
  pointed = [];

  /** @param {HTMLElement} pane */
  constructor(pane) {
    this.pane = pane;
    this.bar = pane.querySelector("[data-place-bar]");
    this.told = pane.querySelector("[data-place-now]");
    this.button = pane.querySelector("[data-place-take]");
  }

  words() {
    return this.pointed.length ? wordsFor(this.pointed) : "";
  }

  /** @param {Element[]} elements */
  point(elements) {
    for (const old of this.pane.querySelectorAll(`.${POINTED}`)) old.classList.remove(POINTED);
    this.pointed = elements;
    const words = this.words();
    if (!words) this.pointed = [];
    for (const one of this.pointed) one.classList.add(POINTED);
    this.tell(words);
  }

  /** @param {string} words */
  tell(words) {
    if (this.told && words) this.told.textContent = words.charAt(0).toUpperCase() + words.slice(1);
    if (this.button instanceof HTMLElement) this.button.hidden = !words;
    document.dispatchEvent(POINTED_TO);
  }

  /**
   * What was pressed: the cell or the row of a sheet, else the paragraph, else the page.
   * @param {Event} event
   */
  press(event) {
    const target = event.target instanceof Element ? event.target : null;
    if (!target || target.closest("a, button, summary, label, audio, video, canvas")) return;
    const cell = target.closest("[data-place-sheet] tbody :is(td, th)");
    const row = cell?.parentElement;
    const isHead = cell instanceof HTMLTableCellElement && cell.cellIndex === 0;
    const found = (isHead ? row : cell) ?? target.closest("[data-n]") ?? target.closest("[data-piece]");
    if (found && getSelection()?.isCollapsed !== false) this.point([found]);
  }

  /** From the paragraph where the selected text begins to that where it ends. */
  select() {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    if (!this.pane.contains(range.commonAncestorContainer)) return;
    const ends = [range.startContainer, range.endContainer].map((node) =>
      (node instanceof Element ? node : node.parentElement)?.closest("[data-n]"),
    );
    if (!ends[0]) return;
    const holder = ends[0].closest("[data-place-file], [data-place-text]");
    const all = [...(holder?.querySelectorAll("[data-n]") ?? [])];
    const until = ends[1] ? all.indexOf(ends[1]) : -1;
    const from = all.indexOf(ends[0]);
    this.point(until > from ? all.slice(from, until + 1) : [ends[0]]);
  }

  /** @param {number} step */
  step(step) {
    const all = [...this.pane.querySelectorAll(STEPS)].filter((one) => one instanceof HTMLElement && one.offsetParent);
    const at = this.pointed.length ? all.indexOf(this.pointed[step > 0 ? this.pointed.length - 1 : 0]) : -1;
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
    if (!next) return;
    this.point([next]);
    next.scrollIntoView({ block: "nearest" });
  }

  wire() {
    if (!(this.bar instanceof HTMLElement) || !holders().length) return;
    this.bar.hidden = false;
    this.pane.addEventListener("click", (event) => this.press(event));
    document.addEventListener("selectionchange", () => this.select());
    for (const button of this.bar.querySelectorAll("[data-place-step]")) {
      button.addEventListener("click", () => this.step(Number(button.getAttribute("data-place-step"))));
    }
    for (const when of ["play", "pause", "seeked"]) {
      this.pane.addEventListener(when, (event) => event.target instanceof Element && this.point([event.target]), true);
    }
    this.pane.addEventListener(
      "timeupdate",
      (event) => event.target === this.pointed[0] && this.tell(this.words()),
      true,
    );
  }
}

/**
 * @param {ParentNode} root
 * @returns {Pointer | null} what is pointed to in the evidence on this page
 */
export function pointer(root) {
  const pane = root.querySelector("[data-places]");
  if (!(pane instanceof HTMLElement)) return null;
  const made = new Pointer(pane);
  made.wire();
  return made;
}
