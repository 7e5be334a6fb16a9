/**
 * Marking what was missed in an item's texts: words that are selected, by mouse or touch, or step by step with the arrow
 * keys. What was selected is named in a bar that asks what it is; places are counted in characters as the server does.
 */

const APART = ".find-no";
const LONGEST = 200;

/** @param {string} text */
const lengthOf = (text) => [...text].length;

/**
 * The words of a paragraph in order, as [first, last + 1] within its text.
 * @param {string} text
 */
const wordsIn = (text) => [...text.matchAll(/[^\s]+/gu)].map((match) => [match.index, match.index + match[0].length]);

/**
 * The text nodes of a paragraph, without the numbers of findings.
 * @param {Element} paragraph
 */
function nodesOf(paragraph) {
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = /** @type {Text} */ (walker.currentNode);
    if (!node.parentElement?.closest(APART)) found.push(node);
  }
  return found;
}

/** @param {Element} paragraph */
const textOf = (paragraph) =>
  nodesOf(paragraph)
    .map((node) => node.data)
    .join("");

/**
 * What stands in a paragraph before a point.
 * @param {Element} paragraph
 * @param {Node} node
 * @param {number} offset
 */
function before(paragraph, node, offset) {
  const range = document.createRange();
  range.selectNodeContents(paragraph);
  range.setEnd(node, offset);
  const part = range.cloneContents();
  for (const number of part.querySelectorAll(APART)) number.remove();
  return part.textContent ?? "";
}

/**
 * Where a place of the text is in the page.
 * @param {Element} paragraph
 * @param {number} offset
 * @returns {[Text, number]}
 */
function pointAt(paragraph, offset) {
  const nodes = nodesOf(paragraph);
  let at = offset;
  for (const node of nodes) {
    if (at <= node.length) return [node, at];
    at -= node.length;
  }
  const last = nodes[nodes.length - 1];
  return [last, last.length];
}

export class Marker {
  /** @type {{paragraph: number, from: number, to: number} | null} the words that the arrow keys have come to */
  at = null;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
  }

  get bar() {
    return /** @type {HTMLElement | null} */ (this.place.querySelector("[data-mark-bar]"));
  }

  get paragraphs() {
    return [...this.place.querySelectorAll("[data-sheet] [data-start]")].filter((one) => textOf(one).trim());
  }

  get isAtWork() {
    return this.bar?.hidden === false;
  }

  wirePart() {
    this.at = null;
    this.bar?.querySelector("[data-mark-leave]")?.addEventListener("click", () => this.leave());
  }

  /** Offers to mark what is selected, when it stands within one paragraph. */
  offer() {
    const selection = getSelection();
    if (!this.bar || !selection || selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    const within = (/** @type {Node} */ node) =>
      (node instanceof Element ? node : node.parentElement)?.closest("[data-sheet] [data-start]");
    const paragraph = within(range.startContainer);
    if (!(paragraph instanceof HTMLElement)) return;
    const all = textOf(paragraph);
    const first = before(paragraph, range.startContainer, range.startOffset);
    const last = within(range.endContainer) === paragraph ? before(paragraph, range.endContainer, range.endOffset) : all;
    const raw = all.slice(first.length, last.length);
    const words = raw.trim();
    if (!words || words.length > LONGEST) return;
    const start = Number(paragraph.dataset.start) + lengthOf(first) + lengthOf(raw) - lengthOf(raw.trimStart());
    this.fill(paragraph, words, start);
  }

  /**
   * @param {HTMLElement} paragraph
   * @param {string} words
   * @param {number} start
   */
  fill(paragraph, words, start) {
    const bar = /** @type {HTMLElement} */ (this.bar);
    const sent = {
      place: paragraph.closest("[data-place]")?.getAttribute("data-place") ?? "",
      words,
      start: String(start),
      end: String(start + lengthOf(words)),
    };
    for (const [name, value] of Object.entries(sent)) {
      const field = bar.querySelector(`input[name=${name}]`);
      if (field instanceof HTMLInputElement) field.value = value;
    }
    const told = bar.querySelector("[data-mark-words]");
    if (told && told.textContent !== words) told.textContent = words;
    bar.hidden = false;
  }

  leave() {
    this.at = null;
    getSelection()?.removeAllRanges();
    if (!this.bar) return;
    const wasIn = this.bar.contains(document.activeElement);
    this.bar.hidden = true;
    const heading = this.place.querySelector(".cur .entity-name") ?? this.place.querySelector("#left");
    if (wasIn && heading instanceof HTMLElement) heading.focus({ preventScroll: true });
  }

  /** From here on the arrow keys choose words; it begins where one works. */
  begin() {
    const paragraphs = this.paragraphs;
    if (!paragraphs.length) return;
    const find = this.place.querySelector("a.find.cur");
    const paragraph = Math.max(0, paragraphs.findIndex((one) => find && one.contains(find)));
    const offset = find && paragraphs[paragraph].contains(find) ? before(paragraphs[paragraph], find, 0).length : 0;
    const words = wordsIn(textOf(paragraphs[paragraph]));
    const from = Math.max(0, words.findIndex(([first]) => first >= offset));
    this.choose({ paragraph, from, to: from });
  }

  /** @param {{paragraph: number, from: number, to: number}} at */
  choose(at) {
    const paragraph = this.paragraphs[at.paragraph];
    const words = wordsIn(textOf(paragraph));
    const [from, to] = [Math.min(at.from, at.to), Math.max(at.from, at.to)];
    this.at = at;
    const range = document.createRange();
    range.setStart(...pointAt(paragraph, words[from][0]));
    range.setEnd(...pointAt(paragraph, words[to][1]));
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(range);
    paragraph.scrollIntoView({ block: "nearest" });
    this.offer();
  }

  /**
   * @param {number} step
   * @param {boolean} isLonger
   */
  walk(step, isLonger) {
    if (!this.at) return;
    const count = wordsIn(textOf(this.paragraphs[this.at.paragraph])).length;
    const to = this.at.to + step;
    if (to < 0 || to >= count) {
      if (!isLonger) this.leap(step);
      return;
    }
    this.choose({ ...this.at, from: isLonger ? this.at.from : to, to });
  }

  /** @param {number} step */
  leap(step) {
    const paragraph = (this.at?.paragraph ?? 0) + step;
    if (paragraph >= 0 && paragraph < this.paragraphs.length) this.choose({ paragraph, from: 0, to: 0 });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === "Escape" && this.isAtWork) {
      event.preventDefault();
      return this.leave();
    }
    const focused = document.activeElement;
    if (!this.at || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.bar?.contains(focused) || focused?.matches("input, select, textarea")) return;
    const act = {
      ArrowRight: () => this.walk(1, event.shiftKey),
      ArrowLeft: () => this.walk(-1, event.shiftKey),
      ArrowDown: () => this.leap(1),
      ArrowUp: () => this.leap(-1),
      Enter: () => this.bar?.querySelector("select")?.focus(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  wire() {
    document.addEventListener("selectionchange", () => this.offer());
    document.addEventListener("keydown", (event) => this.key(event));
    this.place.addEventListener("pointerdown", (event) => {
      if (event.target instanceof Element && event.target.closest("[data-sheet] .desk")) this.at = null;
    });
  }
}
