/**
 * The mapping page: finds criteria, counts ticks, knows the criterion that is worked on, and ties the rows to what saves
 * them, to the shared note and to the evidence beside them. `/` finds, J and K go on and back, A annotates, P takes the place.
 */
import { keysAreOff, wireKeybar } from "./keybar.js";
import { SharedNote } from "./mapping_notes.js";
import { Row } from "./mapping_rows.js";
import { Saver } from "./mapping_saving.js";
import { Unticked } from "./mapping_unticked.js";
import { mark } from "./places.js";
import { pointer } from "./places_pointing.js";

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLElement &&
  target.matches("input, textarea, select, audio, video") &&
  !(target instanceof HTMLInputElement && target.type === "checkbox");

class Criteria {
  /** @type {Row | null} the criterion that is worked on */
  current = null;

  /**
   * @param {HTMLElement} list
   * @param {HTMLFormElement} form
   * @param {HTMLElement} tools
   */
  constructor(list, form, tools) {
    this.list = list;
    this.rows = [...list.querySelectorAll("li[data-kind]")].map((item) => new Row(/** @type {HTMLElement} */ (item)));
    this.byItem = new Map(this.rows.map((row) => [/** @type {Element} */ (row.item), row]));
    this.search = /** @type {HTMLInputElement} */ (tools.querySelector("input"));
    this.only = /** @type {HTMLSelectElement} */ (tools.querySelector("#only"));
    this.unit = /** @type {HTMLSelectElement | null} */ (tools.querySelector("#in-unit"));
    this.saver = new Saver(form, this.rows);
    this.unticked = new Unticked(this.rows);
    this.pointer = pointer(document);
    const shared = form.querySelector("[data-shared]");
    this.note = shared ? new SharedNote(shared, this.rows) : null;
  }

  /** @param {Event} event */
  rowOf(event) {
    const item = event.target instanceof Element ? event.target.closest("li[data-kind]") : null;
    return (item && this.byItem.get(item)) || null;
  }

  filter() {
    const wanted = this.search.value.toLowerCase().split(/\s+/u).filter(Boolean);
    const only = this.only.value;
    let shown = 0;
    for (const section of this.list.querySelectorAll("[data-unit]")) {
      const isMeant = !this.unit?.value || section.getAttribute("data-unit") === this.unit.value;
      if (section instanceof HTMLElement) section.hidden = !isMeant;
      if (!isMeant) continue;
      for (const item of section.querySelectorAll("li[data-kind]")) {
        const row = /** @type {Row} */ (this.byItem.get(item));
        const fits = only === "" || (only === "ticked" ? row.isTicked : row.kind === only);
        row.item.hidden = !fits || !wanted.every((word) => row.words.includes(word));
        if (!row.item.hidden) shown += 1;
      }
    }
    this.foldHeadings();
    const none = this.list.querySelector("[data-none]");
    if (none instanceof HTMLElement) none.hidden = shown > 0;
  }

  /** Hides a heading when everything under it is hidden. */
  foldHeadings() {
    for (const section of this.list.querySelectorAll("[data-unit]")) {
      let isAny = false;
      for (const heading of section.querySelectorAll("li.lo")) {
        let isShown = false;
        for (let next = heading.nextElementSibling; next && !next.matches(".lo"); next = next.nextElementSibling) {
          if (next instanceof HTMLElement && !next.hidden) isShown = true;
        }
        if (heading instanceof HTMLElement) heading.hidden = !isShown;
        isAny ||= isShown;
      }
      if (section instanceof HTMLElement && !isAny) section.hidden = true;
    }
  }

  /** Says how many are ticked: in all, under each heading, and whether that is none or more than one believes. */
  count() {
    for (const row of this.rows) row.tellState();
    const ticked = this.rows.filter((row) => row.isTicked).length;
    const total = document.querySelector("[data-ticked]");
    if (total) total.textContent = `${ticked} of ${this.rows.length} ticked`;
    for (const told of this.list.querySelectorAll("[data-ticked-of]")) {
      const rows = [];
      let next = told.closest("li")?.nextElementSibling;
      for (; next && !next.matches(".lo"); next = next.nextElementSibling) rows.push(this.byItem.get(next));
      told.textContent = `${rows.filter((row) => row?.isTicked).length} of ${rows.length} ticked`;
    }
    const none = document.querySelector("[data-unmapped]");
    const over = document.querySelector("[data-over]");
    const count = over?.querySelector("[data-over-count]");
    if (none instanceof HTMLElement) none.hidden = ticked > 0;
    if (over instanceof HTMLElement) over.hidden = ticked <= Number(over.dataset.over);
    if (count) count.textContent = String(ticked);
  }

  /** Shows in the margin of the evidence which criteria point where. */
  mark() {
    const placed = this.rows.filter((row) => row.isTicked && row.place);
    mark(placed.map((row) => ({ words: row.place, code: row.code, name: row.name, look: row.look, target: row.target })));
    for (const row of this.rows) if (row.isTicked) row.draw();
  }

  changed() {
    this.count();
    this.mark();
    this.offer();
    this.unticked.keep();
    this.saver.later();
  }

  /** @param {Row | null} row */
  workOn(row) {
    if (!row || row.isLocked || row === this.current) return;
    this.current?.item.classList.remove("is-worked");
    row.item.classList.add("is-worked");
    this.current = row;
    this.offer();
  }

  /** Offers what is pointed to for the criterion that is worked on, once. */
  offer() {
    const told = document.querySelector("[data-place-for]");
    if (!told || !this.current) return;
    const isTaken = this.current.place !== "" && this.current.place === this.pointer?.words();
    told.textContent = `${isTaken ? "Taken" : "Use this place"} for ${this.current.code}`;
    told.closest("button")?.setAttribute("aria-disabled", String(isTaken));
  }

  takePlace() {
    const words = this.pointer?.words();
    const told = document.querySelector("[data-place-now]");
    if (!words || !told) return;
    if (!this.current) {
      told.textContent = "Choose a criterion first: tick it, or go to its words.";
      return;
    }
    this.current.setPlace(words);
    told.textContent = `${this.current.name}: ${words}${this.current.isTicked ? "" : ". Tick it to keep it"}`;
    this.changed();
  }

  /** @param {Event} event */
  tick(event) {
    const row = this.rowOf(event);
    if (!row || event.target !== row.box) return;
    if (row.isTicked) this.note?.spread();
    this.changed();
  }

  /** @param {Event} event */
  type(event) {
    const row = this.rowOf(event);
    if (!row || event.target === row.box) return;
    if (event.target === row.area) this.note?.leave(row);
    if (event.target === row.field) this.mark();
    this.offer();
    this.saver.later();
  }

  /** @param {number} step */
  go(step) {
    const shown = this.rows.filter((row) => !row.isLocked && row.item.offsetParent);
    const at = this.current ? shown.indexOf(this.current) : -1;
    const next = shown[at < 0 ? 0 : at + step];
    next?.box.focus();
    next?.item.scrollIntoView({ block: "nearest" });
  }

  annotate() {
    if (!this.current) return;
    if (!this.current.isTicked) this.current.box.click();
    this.current.open();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.list.isConnected || isTyping(event.target)) return;
    if (keysAreOff()) return;
    const act = {
      "/": () => this.search.focus(),
      j: () => this.go(1),
      k: () => this.go(-1),
      a: () => this.annotate(),
      p: () => this.takePlace(),
    }[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  wire() {
    for (const row of this.rows) row.fold();
    this.unticked.giveBack();
    this.mark();
    for (const field of [this.search, this.only, this.unit]) field?.addEventListener("input", () => this.filter());
    this.search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.current = null;
      this.go(1);
    });
    this.list.addEventListener("focusin", (event) => this.workOn(this.rowOf(event)));
    this.list.addEventListener("change", (event) => this.tick(event));
    this.list.addEventListener("input", (event) => this.type(event));
    this.note?.area.addEventListener("input", () => this.saver.later());
    this.saver.form.addEventListener("mapping:filled", () => this.changed());
    document.querySelector("[data-place-take]")?.addEventListener("click", () => this.takePlace());
    document.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("places:shown", () => this.mark());
    document.addEventListener("places:pointed", () => this.offer());
    this.saver.wire();
  }
}

/** @param {ParentNode} root */
export function wire(root) {
  const list = root.querySelector("[data-map]");
  const tools = root.querySelector("[data-map-tools]");
  const form = list?.closest("form");
  if (!(list instanceof HTMLElement) || !(tools instanceof HTMLElement) || !form) return;
  tools.hidden = false;
  new Criteria(list, form, tools).wire();
  wireKeybar(root);
}
