/**
 * The matrix of a unit by keyboard: one stop of the Tab key, arrows between cells, `g` for guidance, `/` to the filter.
 * A claim opens beside the matrix, with how it was judged; without a connection its own page is opened.
 */

const LINKS = "a[href], summary";

/**
 * What takes the focus in a cell: its link, or else the cell.
 * @param {Element} cell
 * @returns {HTMLElement | null}
 */
function target(cell) {
  const found = cell.querySelector(LINKS) ?? cell;
  return found instanceof HTMLElement ? found : null;
}

/**
 * The head and the rows of criteria; headings and guidance are none, nor is what is not drawn.
 * @param {HTMLTableElement} table
 */
const rowsOf = (table) =>
  [...table.rows].filter((row) => !row.matches(".outcome, .guide-row, tfoot *") && row.getClientRects().length > 0);

/**
 * The cells that can be seen: on a phone the empty ones are not drawn.
 * @param {HTMLTableRowElement} row
 */
const cellsOf = (row) => [...row.cells].filter((cell) => cell.getClientRects().length > 0);

/** Keeps one stop of the Tab key within the matrix. */
class Stop {
  /** @param {HTMLTableElement} table */
  constructor(table) {
    this.table = table;
    for (const link of table.querySelectorAll(`:is(${LINKS})`)) link.setAttribute("tabindex", "-1");
    const first = table.querySelector("tbody .crit");
    /** @type {HTMLElement | null} */
    this.at = first ? target(first) : null;
    this.at?.setAttribute("tabindex", "0");
  }

  /** @param {HTMLElement | null} next */
  take(next) {
    if (!next || next === this.at) return;
    this.at?.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    this.at = next;
  }

  /** @param {Element | undefined} cell */
  go(cell) {
    const next = cell ? target(cell) : null;
    this.take(next);
    next?.focus();
  }
}

/**
 * The cell where a key leads, or undefined where there is none.
 * @param {HTMLTableElement} table
 * @param {HTMLTableCellElement} cell
 * @param {KeyboardEvent} event
 */
function led(table, cell, event) {
  const row = cell.closest("tr");
  if (!row) return undefined;
  const rows = rowsOf(table);
  const at = rows.indexOf(row);
  const cells = cellsOf(row);
  if (event.key === "ArrowLeft") return cells[cells.indexOf(cell) - 1];
  if (event.key === "ArrowRight") return cells[cells.indexOf(cell) + 1];
  if (event.key === "Home") return cellsOf(event.ctrlKey ? rows[0] ?? row : row)[0];
  if (event.key === "End") return cellsOf(event.ctrlKey ? rows.at(-1) ?? row : row).at(-1);
  const other = rows[event.key === "ArrowUp" ? at - 1 : at + 1];
  const below = other?.cells[cell.cellIndex];
  return below && below.getClientRects().length > 0 ? below : other?.cells[0];
}

const MOVES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

/**
 * Closes the guidance of this row, from its own row as well; where that has none, whatever guidance is open.
 * @param {HTMLTableElement} table
 * @param {Stop} stop
 * @param {HTMLTableCellElement} cell
 */
function fold(table, stop, cell) {
  const row = cell.closest("tr");
  const own = (row?.matches(".guide-row") ? row.previousElementSibling : row)?.querySelector("details[open]");
  for (const open of own ? [own] : table.querySelectorAll("details[open]")) {
    if (open instanceof HTMLDetailsElement) open.open = false;
  }
  if (row?.matches(".guide-row")) stop.go(row.previousElementSibling?.querySelector("th") ?? undefined);
}

/**
 * @param {HTMLTableElement} table
 * @param {Stop} stop
 * @param {KeyboardEvent} event
 */
function pressed(table, stop, event) {
  const cell = event.target instanceof Element ? event.target.closest("th, td") : null;
  if (!(cell instanceof HTMLTableCellElement) || event.altKey || event.metaKey) return;
  if (event.key === "g" && !event.ctrlKey) {
    const guidance = cell.closest("tr")?.querySelector("details");
    if (guidance) guidance.open = !guidance.open;
    return;
  }
  if (event.key === "Escape") return fold(table, stop, cell);
  if (!MOVES.has(event.key) || (event.ctrlKey && !["Home", "End"].includes(event.key))) return;
  event.preventDefault();
  stop.go(led(table, cell, event));
}

/** The claim that was asked for, beside the matrix. */
class Peek {
  constructor() {
    this.dialog = document.createElement("dialog");
    this.dialog.className = "peek";
    this.dialog.setAttribute("aria-labelledby", "peek-h");
    const head = document.createElement("div");
    head.className = "peek-head";
    this.title = document.createElement("h2");
    this.title.id = "peek-h";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn btn-line btn-s";
    close.textContent = "Close";
    close.addEventListener("click", () => this.dialog.close());
    head.append(this.title, close);
    this.body = document.createElement("div");
    this.dialog.append(head, this.body);
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    document.body.append(this.dialog);
  }

  /** @param {HTMLAnchorElement} link */
  async show(link) {
    link.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(link.href, { redirect: "error" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector("[data-claims]");
      if (!answer.ok || !found) throw new Error(answer.statusText);
      for (const back of found.querySelectorAll("[data-claims-back]")) back.remove();
      this.title.textContent = page.querySelector("h1")?.textContent ?? "";
      this.body.replaceChildren(found);
      this.dialog.showModal();
    } catch {
      location.assign(link.href);
    }
    link.removeAttribute("aria-busy");
  }
}

/** @param {KeyboardEvent} event */
function toFilter(event) {
  const typing = event.target instanceof Element && event.target.matches("input, textarea, select");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const filter = document.querySelector("[data-matrix-filter]");
  const first = filter?.querySelector("[aria-current]") ?? filter?.querySelector("a, select");
  if (!(first instanceof HTMLElement)) return;
  event.preventDefault();
  first.focus();
}

/** @param {ParentNode} root */
export function wire(root) {
  const table = root.querySelector("table[data-matrix]");
  if (!(table instanceof HTMLTableElement)) return;
  const stop = new Stop(table);
  const peek = new Peek();
  const keys = root.querySelector("[data-matrix-keys]");
  if (keys instanceof HTMLElement) keys.hidden = false;
  table.addEventListener("keydown", (event) => pressed(table, stop, event));
  table.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLElement && event.target.closest("thead, tbody")) stop.take(event.target);
  });
  table.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("td[class^='x-'] > a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void peek.show(link);
  });
  document.addEventListener("keydown", toFilter);
}
