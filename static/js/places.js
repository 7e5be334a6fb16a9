/**
 * Places in evidence, in the words of portfolio/mapping/places.py: reads them, finds them in the previews on the page, and
 * leads there. [data-place] holds such words; where the page shows the place, it becomes a button that leads to it, with
 * [data-place-code] also a chip in the margin that leads back, called by [data-place-name] where there is one.
 * `#place=page%202` in an address leads there on arrival.
 */

/**
 * @typedef {{spot: string, first: number, last: number, column: string, lastColumn: string, page: number, slide: number,
 *   sheet: string, file: string}} Place numbers are 0 for what is not said
 */
/** @typedef {{words: string, code: string, name: string, look: string, target: HTMLElement}} Mark `name` tells the unit too */

const UNTIL = "\\s*(?:to|-|–)\\s*";
const NEXT = "\\s*(?:to|-|–|(and|&))\\s*";
const CLOCK = "(?:(\\d{1,4}):)?(\\d{1,3}):([0-5]\\d)";
const SHOWN = new Event("places:shown");
/** @type {Record<string, string>} */
const NAMES = {
  page: "(?:pages?|pp?\\.?)",
  paragraph: "(?:paragraphs?|paras?\\.?|¶)",
  slide: "slides?",
  row: "(?:rows?|lines?)",
};
const COUNTED = Object.entries(NAMES).map(
  ([spot, name]) => /** @type {const} */ ([spot, new RegExp(`^${name}\\s*(\\d{1,7})(?:${NEXT}¶?\\s*(\\d{1,7}))?$`, "iu")]),
);
const CELL = new RegExp(`^cells?\\s*([a-z]{1,3})(\\d{1,7})(?:${UNTIL}([a-z]{1,3})(\\d{1,7}))?$`, "iu");
const TIME = new RegExp(`^(?:at\\s+)?${CLOCK}(?:${UNTIL}${CLOCK})?$`, "iu");
const SHEET = /^sheet\s+(\S.*)$/iu;

/** @type {Place} */
const NOWHERE = { spot: "", first: 0, last: 0, column: "", lastColumn: "", page: 0, slide: 0, sheet: "", file: "" };

/** @param {(string | undefined)[]} parts */
const seconds = (parts) => Number(parts[0] ?? 0) * 3600 + Number(parts[1]) * 60 + Number(parts[2]);

/** @param {number} whole */
function timeWords(whole) {
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  if (whole >= 3600) parts.unshift(Math.floor(whole / 3600));
  return parts.map((part, index) => String(part).padStart(index ? 2 : 1, "0")).join(":");
}

/**
 * @param {string} text
 * @returns {Place | null}
 */
function readSpot(text) {
  for (const [spot, pattern] of COUNTED) {
    const said = pattern.exec(text);
    if (!said) continue;
    const [first, last] = [Number(said[1]), Number(said[3] ?? 0)];
    return said[2] && last !== first + 1 ? null : { ...NOWHERE, spot, first, last };
  }
  const cell = CELL.exec(text);
  if (cell) {
    const ends = { last: Number(cell[4] ?? 0), lastColumn: (cell[3] ?? "").toUpperCase() };
    return { ...NOWHERE, spot: "cell", first: Number(cell[2]), column: cell[1].toUpperCase(), ...ends };
  }
  const time = TIME.exec(text);
  if (!time) return null;
  return { ...NOWHERE, spot: "time", first: seconds(time.slice(1, 4)), last: time[5] ? seconds(time.slice(4)) : 0 };
}

/** @param {Place} place */
const isSound = (place) =>
  (place.spot === "time" || place.first > 0) && (place.spot === "cell" || !place.last || place.first < place.last);

/**
 * @param {string} text
 * @returns {Place | null}
 */
export function read(text) {
  const parts = text.split(",").map((part) => part.trim().replace(/\s+/gu, " ")).filter(Boolean);
  const found = readSpot(parts.pop() ?? "");
  if (!found || !isSound(found)) return null;
  const before = readSpot(parts.at(-1) ?? "");
  const sheet = SHEET.exec(parts.at(-1) ?? "");
  if (found.spot === "paragraph" && before && !before.last && (before.spot === "page" || before.spot === "slide")) {
    if (!isSound(before)) return null;
    found[before.spot] = before.first;
    parts.pop();
  } else if ((found.spot === "row" || found.spot === "cell") && sheet) {
    found.sheet = sheet[1];
    parts.pop();
  }
  const file = parts.join(" ");
  const rest = readSpot(file);
  return SHEET.test(file) || (rest && isSound(rest)) ? null : { ...found, file };
}

/** @param {Place} place */
export function wordsOf(place) {
  const said = place.file ? [place.file] : [];
  if (place.sheet) said.push(`sheet ${place.sheet}`);
  if (place.page) said.push(`page ${place.page}`);
  if (place.slide) said.push(`slide ${place.slide}`);
  const isTime = place.spot === "time";
  const counted = (/** @type {string} */ column, /** @type {number} */ n) => (isTime ? timeWords(n) : `${column}${n}`);
  const until = place.last ? ` to ${counted(place.lastColumn, place.last)}` : "";
  return [...said, `${isTime ? "" : `${place.spot} `}${counted(place.column, place.first)}${until}`].join(", ");
}

/** @param {Partial<Place>} place */
export const placeAt = (place) => ({ ...NOWHERE, ...place });

/** Everything on the page that has places: previews of files, and texts that are written here. */
export const holders = () =>
  [...document.querySelectorAll("[data-place-file], [data-place-text]")].filter((one) => one instanceof HTMLElement);

/**
 * The paragraphs of a text that is written here are numbered as they stand.
 * @param {HTMLElement} holder
 */
function numberText(holder) {
  if (!holder.matches("[data-place-text]")) return;
  let number = 0;
  for (const block of holder.children) {
    if (block instanceof HTMLElement && !block.matches("hr, [data-place-marks]")) block.dataset.n = String((number += 1));
  }
}

/** @param {string} letters */
const columnNumber = (letters) => [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);

/**
 * @param {number} first
 * @param {number} last
 */
const span = (first, last) => Array.from({ length: Math.min(200, Math.max(1, last - first + 1)) }, (_, n) => first + n);

/**
 * The rows of a place, and of a cell only these. On a sheet the first column and the heading are ours, and not counted.
 * @param {HTMLElement} holder
 * @param {Place} place
 */
function rowsIn(holder, place) {
  const sheets = [...holder.querySelectorAll("[data-place-sheet]")];
  const sheet = place.sheet
    ? sheets.find((one) => one.getAttribute("data-place-sheet")?.toLowerCase() === place.sheet.toLowerCase())
    : sheets[0];
  const table = (sheet ?? (sheets.length || place.sheet ? null : holder))?.querySelector("table.grid");
  if (!(table instanceof HTMLTableElement)) return [];
  const rows = [...(sheet ? (table.tBodies[0]?.rows ?? []) : table.rows)];
  const picked = span(place.first, place.last).flatMap((number) => rows[number - 1] ?? []);
  if (place.spot === "row") return picked;
  const from = columnNumber(place.column) - (sheet ? 0 : 1);
  const columns = span(from, place.lastColumn ? columnNumber(place.lastColumn) - (sheet ? 0 : 1) : 0);
  return picked.flatMap((row) => columns.flatMap((column) => row.cells[column] ?? []));
}

/**
 * @param {HTMLElement} holder
 * @param {Place} place
 * @returns {Element[]}
 */
function findIn(holder, place) {
  const each = (/** @type {(number: number) => string} */ selector) =>
    span(place.first, place.last).flatMap((number) => holder.querySelector(selector(number)) ?? []);
  if (place.spot === "page" || place.spot === "slide") return each((n) => `[data-piece="${place.spot}-${n}"]`);
  if (place.spot === "paragraph") return each((n) => `[data-n="${n}"]`);
  if (place.spot === "time") return [...holder.querySelectorAll("audio, video")].slice(0, 1);
  return rowsIn(holder, place);
}

/**
 * What the page shows of a place; empty when it is not here.
 * @param {string} words
 * @returns {Element[]}
 */
export function find(words) {
  const place = read(words);
  if (!place) return [];
  for (const holder of holders()) {
    if (place.file && holder.dataset.placeFile?.toLowerCase() !== place.file.toLowerCase()) continue;
    const found = findIn(holder, place);
    if (found.length) return found;
  }
  return [];
}

/**
 * Where one came from, so that Escape leads back.
 * @type {HTMLElement | null}
 */
let origin = null;

/**
 * Opens what is folded, brings the place into view and marks it; a player goes to its time.
 * @param {string} words
 * @param {HTMLElement | null} [from]
 * @returns {boolean} whether the page has it
 */
export function lead(words, from = null) {
  const found = find(words);
  const [first] = found;
  if (!(first instanceof HTMLElement)) return false;
  for (const old of document.querySelectorAll(".is-place")) old.classList.remove("is-place");
  for (const one of found) one.classList.add("is-place");
  for (let fold = first.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
  if (first instanceof HTMLMediaElement) first.currentTime = read(words)?.first ?? 0;
  else if (!first.hasAttribute("tabindex")) first.tabIndex = -1;
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  first.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
  first.focus({ preventScroll: true });
  origin = from;
  return true;
}

/**
 * Shows what stands in a part of the page that a link of the page opens.
 * @param {HTMLElement} target
 */
function unhide(target) {
  for (let part = target.parentElement; part && !target.offsetParent; part = part.parentElement) {
    const link = part.id ? document.querySelector(`a[href="#${CSS.escape(part.id)}"]`) : null;
    if (link instanceof HTMLElement) link.click();
  }
}

/**
 * @param {Mark} mark
 * @returns {HTMLAnchorElement}
 */
function chipFor(mark) {
  const chip = document.createElement("a");
  chip.className = `chip-place ${mark.look}`;
  chip.href = `#${mark.target.id}`;
  chip.textContent = mark.code;
  chip.setAttribute("aria-label", `${mark.name} points here`);
  chip.title = mark.name;
  chip.addEventListener("click", (event) => {
    event.preventDefault();
    unhide(mark.target);
    mark.target.scrollIntoView({ block: "center" });
    mark.target.focus({ preventScroll: true });
  });
  return chip;
}

/**
 * The box for the chips of one place: before a paragraph, at the head of a page, inside a row or a cell, after a player.
 * @param {Element} element
 */
function marksAt(element) {
  const isCell = element instanceof HTMLTableCellElement || element instanceof HTMLTableRowElement;
  const inside = element instanceof HTMLTableRowElement ? element.cells[0] : element;
  const present = isCell
    ? inside.querySelector("[data-place-marks]")
    : [element.previousElementSibling, element.firstElementChild, element.nextElementSibling].find((one) =>
        one?.matches("[data-place-marks]"),
      );
  if (present && present.getAttribute("data-place-marks") === (element.getAttribute("data-n") ?? "")) return present;
  const box = document.createElement("span");
  box.className = "place-marks";
  box.dataset.placeMarks = element.getAttribute("data-n") ?? "";
  if (isCell) inside.append(box);
  else if (element.hasAttribute("data-piece")) element.prepend(box);
  else if (element instanceof HTMLMediaElement) element.after(box);
  else element.before(box);
  return box;
}

/**
 * Shows in the margin which criteria point to which place, instead of what was shown before.
 * @param {Mark[]} marks
 */
export function mark(marks) {
  for (const old of document.querySelectorAll("[data-place-marks]")) old.remove();
  for (const one of marks) for (const element of find(one.words)) marksAt(element).append(chipFor(one));
}

/** @param {HTMLElement} holder */
function buttonIn(holder) {
  const words = holder.dataset.place ?? "";
  if (holder instanceof HTMLButtonElement || holder instanceof HTMLAnchorElement) return holder;
  const present = holder.querySelector("button");
  if (present || !find(words).length) return present;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn-text place-link";
  button.textContent = holder.textContent;
  holder.replaceChildren(button);
  return button;
}

let number = 0;

/** Links and marks everything again, after a preview has come or another item. */
export function refresh() {
  holders().forEach(numberText);
  /** @type {Mark[]} */
  const marks = [];
  for (const holder of document.querySelectorAll("[data-place]")) {
    if (!(holder instanceof HTMLElement)) continue;
    const button = buttonIn(holder);
    if (!button || !holder.dataset.placeCode) continue;
    button.id ||= `place-link-${(number += 1)}`;
    const { place = "", placeCode: code = "", placeName: name = code, placeLook: look = "is-claimed" } = holder.dataset;
    marks.push({ words: place, code, name, look, target: button });
  }
  mark(marks);
  document.dispatchEvent(SHOWN);
}

/** @param {MouseEvent} event */
function follow(event) {
  const holder = event.target instanceof Element ? event.target.closest("[data-place]") : null;
  const from = event.target instanceof Element ? event.target.closest("a, button") : null;
  if (!(holder instanceof HTMLElement) || !(from instanceof HTMLElement) || !holder.contains(from)) return;
  if (lead(holder.dataset.place ?? "", from)) event.preventDefault();
}

/** @param {KeyboardEvent} event */
function goBack(event) {
  if (event.key !== "Escape" || !origin?.isConnected) return;
  origin.focus();
  origin = null;
}

let isWired = false;

/** @param {ParentNode} root */
export function wire(root) {
  if (!root.querySelector("[data-place-file], [data-place-text], [data-place]")) return;
  refresh();
  if (isWired) return;
  isWired = true;
  document.addEventListener("click", follow);
  document.addEventListener("keydown", goBack);
  document.addEventListener("preview:shown", refresh);
  const asked = new URLSearchParams(location.hash.slice(1)).get("place");
  if (asked) lead(asked);
}
