/**
 * The marks of a file as fields say them in numbers: what is typed there is read, and what is drawn is written there. The
 * fields are what is sent.
 */

const TIME = /^(?:(?:(\d+):)?(\d{1,3}):)?(\d+(?:[.,]\d*)?)$/u;

/** @typedef {{left: number, top: number, right: number, bottom: number}} Sides */
/** @typedef {Sides & {id: number, page: number, start: number | null, end: number | null}} Box */
/** @typedef {{id: number, start: number, end: number}} Span */
/** @typedef {{boxes: Box[], spans: Span[]}} State */

/** @param {number} seconds */
export function timeWords(seconds) {
  const tenths = Math.round(seconds * 10);
  const whole = Math.floor(tenths / 10);
  const parts = [Math.floor(whole / 60) % 60, String(whole % 60).padStart(2, "0")];
  if (whole >= 3600) parts.splice(0, 1, Math.floor(whole / 3600), String(parts[0]).padStart(2, "0"));
  return `${parts.join(":")}${tenths % 10 ? `.${tenths % 10}` : ""}`;
}

/**
 * Seconds, from what is typed as 14, 0:14 or 1:02:03.5.
 * @param {string} words
 */
export function secondsOf(words) {
  const found = TIME.exec(words.trim());
  if (!found) return null;
  const [hours, minutes] = [Number(found[1] ?? 0), Number(found[2] ?? 0)];
  return hours * 3600 + minutes * 60 + Number(found[3].replace(",", "."));
}

/** @param {number} fraction */
const percent = (fraction) => String(Math.round(fraction * 10_000) / 100);

/**
 * A mark as the fields say it, by their names.
 * @param {Box | Span} mark
 * @returns {Record<string, string>}
 */
function typedAs(mark) {
  if (!("page" in mark)) return { span_from: timeWords(mark.start), span_to: timeWords(mark.end) };
  return {
    box_page: String(mark.page),
    box_left: percent(mark.left),
    box_top: percent(mark.top),
    box_width: percent(mark.right - mark.left),
    box_height: percent(mark.bottom - mark.top),
    box_from: timeWords(mark.start ?? 0),
    box_to: timeWords(mark.end ?? 0),
  };
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
export const within = (value, least, most) => Math.min(most, Math.max(least, value));

export class Numbers {
  /**
   * @param {HTMLElement} place
   * @param {{isFilm: boolean, newId: () => number, remove: (id: number) => void}} owner
   */
  constructor(place, owner) {
    this.place = place;
    this.owner = owner;
    this.isFilm = owner.isFilm;
  }

  /** Takes over the rows that are there, and the empty ones that are for those without scripts away. */
  wire() {
    for (const blank of this.place.querySelectorAll("[data-row-blank]")) blank.remove();
    for (const row of this.place.querySelectorAll("[data-rows] > [data-row]")) {
      if (!(row instanceof HTMLElement)) continue;
      row.dataset.id ??= String(this.owner.newId());
      this.wireRow(row);
    }
  }

  /**
   * What stands in the fields, and the rows that say no mark.
   * @returns {State & {wrong: Element[]}}
   */
  read() {
    const rows = (/** @type {string} */ kind) => [...this.place.querySelectorAll(`[data-row=${kind}]`)];
    const [boxes, spans] = [rows("box"), rows("span")];
    return {
      boxes: boxes.flatMap((row) => this.boxIn(row) ?? []),
      spans: spans.flatMap((row) => this.spanIn(row) ?? []),
      wrong: [...boxes.filter((row) => !this.boxIn(row)), ...spans.filter((row) => !this.spanIn(row))],
    };
  }

  /**
   * @param {Element} row
   * @returns {Box | null}
   */
  boxIn(row) {
    const number = (/** @type {string} */ name) => Number(this.field(row, name)?.value.replace(",", ".") || NaN);
    const [left, top] = [number("box_left") / 100, number("box_top") / 100];
    const right = within(left + number("box_width") / 100, 0, 1);
    const bottom = within(top + number("box_height") / 100, 0, 1);
    const page = this.isFilm ? 1 : number("box_page");
    const times = this.isFilm ? this.timesIn(row, "box") : { start: null, end: null };
    if (!(left >= 0 && top >= 0 && right > left && bottom > top && page >= 1) || !times) return null;
    return { id: this.idOf(row), page, left, top, right, bottom, ...times };
  }

  /**
   * @param {Element} row
   * @returns {Span | null}
   */
  spanIn(row) {
    const times = this.timesIn(row, "span");
    return times ? { id: this.idOf(row), ...times } : null;
  }

  /**
   * @param {Element} row
   * @param {string} kind
   */
  timesIn(row, kind) {
    const start = secondsOf(this.field(row, `${kind}_from`)?.value ?? "");
    const end = secondsOf(this.field(row, `${kind}_to`)?.value ?? "");
    return start !== null && end !== null && end > start ? { start, end } : null;
  }

  /** @param {Element} row */
  idOf(row) {
    return Number(row.getAttribute("data-id")) || this.owner.newId();
  }

  /**
   * @param {Element} row
   * @param {string} name
   */
  field(row, name) {
    const found = row.querySelector(`[name=${name}]`);
    return found instanceof HTMLInputElement ? found : null;
  }

  /**
   * Puts everything into the fields; a field that is typed in stays what it is.
   * @param {State} state
   */
  write({ boxes, spans }) {
    for (const [kind, marks] of Object.entries({ box: boxes, span: spans })) {
      const list = this.place.querySelector(`[data-rows=${kind}]`);
      if (!list) continue;
      const rows = new Map([...list.querySelectorAll("[data-row]")].map((row) => [row.getAttribute("data-id"), row]));
      const kept = marks.map((mark, index) => this.row(kind, mark, index, rows.get(String(mark.id))));
      for (const row of rows.values()) if (!kept.includes(row)) row.remove();
      for (const [index, row] of kept.entries()) {
        if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
      }
      const none = this.place.querySelector(`[data-none=${kind}]`);
      if (none instanceof HTMLElement) none.hidden = marks.length > 0;
    }
  }

  /**
   * @param {string} kind
   * @param {Box | Span} mark
   * @param {number} index
   * @param {Element | undefined} known
   */
  row(kind, mark, index, known) {
    const row = known ?? this.made(kind, mark.id);
    const head = row.querySelector("[data-row-name]");
    if (head) head.textContent = `${kind === "box" ? "Box" : "Part"} ${index + 1}`;
    for (const [name, value] of Object.entries(typedAs(mark))) {
      const field = this.field(row, name);
      if (field && field !== document.activeElement && field.value !== value) field.value = value;
    }
    return row;
  }

  /**
   * @param {string} kind
   * @param {number} id
   */
  made(kind, id) {
    const pattern = this.place.querySelector(`template[data-pattern=${kind}]`);
    const row = pattern instanceof HTMLTemplateElement ? pattern.content.firstElementChild?.cloneNode(true) : null;
    if (!(row instanceof HTMLElement)) throw new TypeError("there is no pattern of a row");
    row.dataset.id = String(id);
    for (const one of row.querySelectorAll("[id], [for]")) {
      for (const name of ["id", "for"]) {
        const value = one.getAttribute(name);
        if (value) one.setAttribute(name, `${value}-${id}`);
      }
    }
    this.wireRow(row);
    return row;
  }

  /** @param {HTMLElement} row */
  wireRow(row) {
    const gone = row.querySelector("[data-row-gone]");
    const button = row.querySelector("[data-row-remove]");
    if (gone instanceof HTMLElement) gone.hidden = true;
    if (!(button instanceof HTMLElement)) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const neighbour = row.nextElementSibling ?? row.previousElementSibling;
      this.owner.remove(Number(row.dataset.id));
      const next = neighbour?.querySelector("input:not([hidden])") ?? this.place.querySelector("[data-marks-undo]");
      if (next instanceof HTMLElement) next.focus();
    });
  }
}
