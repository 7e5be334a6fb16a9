/**
 * The form of the marking page: one criterion at a time, an outcome by one key, and a way back until the release.
 * After an outcome the next undecided criterion is in focus: the first one below, or else the first one above.
 */
import { canon, contentOf, fill } from "./drafts.js";

/** @typedef {import("./drafts.js").Content} Content */

/** @type {Record<string, [string, string, string]>} class, icon and words by outcome; as on the server */
const LOOKS = {
  "": ["is-claimed", "circle-half", "Claimed"],
  met: ["is-met", "check-circle-fill", "Met"],
  not_yet_met: ["is-more", "exclamation-diamond", "Not yet met"],
  insufficient: ["is-more", "layers", "Insufficient"],
};
/** Where the criteria scroll by themselves; elsewhere the page stays where it is. */
const APART = "(min-width: 75rem)";
const ONCE = ["valid", "authentic", "reliable", "current"];

/**
 * @param {Element} place
 * @param {[string, string, string]} look
 */
function paintLook(place, [name, icon, words]) {
  place.classList.remove("is-claimed", "is-met", "is-more");
  place.classList.add(name);
  const picture = place.querySelector(".bi");
  if (picture) picture.className = `bi bi-${icon}`;
  const said = place.querySelector("span:not(.bi)");
  if (said) said.textContent = words;
}

export class Sheet {
  /** @type {Content[]} */
  steps = [];
  isFilling = false;

  /**
   * @param {HTMLFormElement} form
   * @param {{changed: (atOnce: boolean) => void, say: (words: string) => void}} hooks
   */
  constructor(form, hooks) {
    this.form = form;
    this.hooks = hooks;
    this.rows = [...form.querySelectorAll("[data-criteria] > [data-claim]")].filter((row) => row instanceof HTMLElement);
    this.before = contentOf(form);
    this.row = this.rows.find((row) => !this.outcomeOf(row)) ?? this.rows[0];
    form.querySelector("[data-criteria]")?.classList.add("folds");
    for (const button of form.querySelectorAll("[data-undo]")) if (button instanceof HTMLElement) button.hidden = false;
    for (const button of form.querySelectorAll("[data-plain-save]")) button.remove();
    form.querySelector("[data-undo]")?.addEventListener("click", () => this.undo());
    form.addEventListener("change", (event) => this.change(event));
    form.addEventListener("input", () => this.isFilling || hooks.changed(false));
    this.turnTo(this.row, false);
    if (matchMedia(APART).matches && !form.querySelector("[data-agree]")) this.showDecision();
  }

  /** @param {Element} row */
  idOf(row) {
    return row instanceof HTMLElement ? (row.dataset.claim ?? "") : "";
  }

  /**
   * @param {Element} row
   * @returns {string} the code of its criterion; with the unit where there are several
   */
  nameOf(row) {
    const name = row instanceof HTMLElement ? row.dataset.name : "";
    return name || (row.querySelector(".ref")?.textContent ?? "");
  }

  /**
   * @param {string} name
   * @returns {HTMLInputElement | null} the box or the chosen button of this name
   */
  field(name) {
    const found = this.form.elements.namedItem(name);
    return found instanceof HTMLInputElement ? found : null;
  }

  /** @param {Element} row */
  outcomeOf(row) {
    const chosen = row.querySelector("input[type=radio]:checked");
    return chosen instanceof HTMLInputElement ? chosen.value : "";
  }

  /** @param {Element} row */
  linkTo(row) {
    return document.querySelector(`.strip a[href="#${row.id}"]`);
  }

  /**
   * @param {Element} row
   * @param {boolean} [isFocused] whether the keyboard goes there too
   */
  turnTo(row, isFocused = true) {
    this.row = row instanceof HTMLElement ? row : this.row;
    for (const each of this.rows) {
      const [isHere, link] = [each === this.row, this.linkTo(each)];
      if (isHere) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
      if (isHere) link?.setAttribute("aria-current", "true");
      else link?.removeAttribute("aria-current");
    }
    this.form.dispatchEvent(new CustomEvent("marking:turned", { detail: this.row }));
    if (!isFocused) return;
    const heading = this.row.querySelector(".row-line a");
    if (heading instanceof HTMLElement) heading.focus({ preventScroll: true });
    this.row.scrollIntoView({ block: "nearest" });
    this.showDecision();
  }

  showDecision() {
    this.row.querySelector("fieldset")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} by */
  step(by) {
    const at = this.rows.indexOf(this.row) + by;
    if (this.rows[at]) this.turnTo(this.rows[at]);
  }

  /** @param {string} value */
  decide(value) {
    const decided = this.row;
    const button = decided.querySelector(`input[value="${value}"]`);
    const sufficient = this.field(`sufficient-${this.idOf(decided)}`);
    if (!(button instanceof HTMLInputElement) || !sufficient) return;
    button.checked = true;
    if (value === "met") sufficient.checked = true;
    if (value === "insufficient") sufficient.checked = false;
    this.noteStep(true);
    this.hooks.say(`${this.nameOf(decided)} ${LOOKS[value][2].toLowerCase()}`);
    this.turnTo(this.nextUndecided() ?? decided);
  }

  nextUndecided() {
    const at = this.rows.indexOf(this.row);
    return [...this.rows.slice(at + 1), ...this.rows.slice(0, at)].find((row) => !this.outcomeOf(row));
  }

  /** @param {string} name of a box; `sufficient` is that of the criterion in focus */
  toggle(name) {
    const box = this.field(name === "sufficient" ? `sufficient-${this.idOf(this.row)}` : name);
    if (!box) return;
    box.checked = !box.checked;
    this.noteStep(true);
    this.hooks.say(`${name} ${box.checked ? "ticked" : "not ticked"}`);
  }

  write() {
    const field = this.row.querySelector("textarea");
    field?.focus();
    field?.scrollIntoView({ block: "nearest" });
  }

  /** @param {Event} event */
  change(event) {
    if (this.isFilling) return;
    const row = event.target instanceof Element ? event.target.closest("[data-claim]") : null;
    if (row && row !== this.row) this.turnTo(row, false);
    this.noteStep(!(event.target instanceof HTMLTextAreaElement));
  }

  /** @param {boolean} atOnce */
  noteStep(atOnce) {
    const now = contentOf(this.form);
    if (canon(now) === canon(this.before)) return;
    this.steps.push(this.before);
    this.before = now;
    this.paint();
    this.hooks.changed(atOnce);
  }

  undo() {
    this.noteStep(false);
    const earlier = this.steps.pop();
    if (!earlier) return this.hooks.say("There is nothing to undo");
    const changed = this.rows.find((row) => this.differs(row, earlier));
    this.take(earlier);
    this.hooks.changed(true);
    this.hooks.say("Undone");
    if (changed) this.turnTo(changed);
  }

  /**
   * @param {Element} row
   * @param {Content} content
   */
  differs(row, content) {
    const names = ["outcome", "sufficient", "feedback"].map((part) => `${part}-${this.idOf(row)}`);
    return names.some((name) => (content[name] ?? "") !== (this.before[name] ?? ""));
  }

  /**
   * Puts a content into the form as it is, without noting it as a step.
   * @param {Content} content
   */
  take(content) {
    this.isFilling = true;
    fill(this.form, content);
    this.isFilling = false;
    this.before = contentOf(this.form);
    this.paint();
  }

  paint() {
    let decided = 0;
    for (const row of this.rows) {
      const outcome = this.outcomeOf(row);
      const [name, icon, words] = LOOKS[outcome];
      if (outcome) decided += 1;
      const [state, link] = [row.querySelector("[data-state]"), this.linkTo(row)];
      if (state) paintLook(state, [name, icon, words]);
      if (link) paintLook(link, [name, icon, `, ${outcome ? words.toLowerCase() : "not decided"}`]);
    }
    const count = document.querySelector("[data-decided]");
    if (count) count.textContent = String(decided);
    const undo = this.form.querySelector("[data-undo]");
    if (undo instanceof HTMLButtonElement) undo.disabled = this.steps.length === 0;
  }

  /**
   * What a release will ask for, or has asked for just now, beside the fields that it is about.
   * @param {Record<string, string>} asks
   * @param {boolean} [isRefused]
   */
  ask(asks, isRefused = false) {
    for (const place of this.form.querySelectorAll("[data-ask]")) {
      if (!(place instanceof HTMLElement)) continue;
      const name = place.dataset.ask ?? "";
      const words = name === "varc" ? ONCE.map((each) => asks[each]).find(Boolean) : asks[name];
      place.textContent = words ?? "";
      place.hidden = !words;
      place.classList.toggle("is-refused", isRefused && Boolean(words));
    }
    for (const row of this.rows) {
      const id = this.idOf(row);
      row.toggleAttribute("data-asks", Boolean(asks[`outcome-${id}`] ?? asks[`feedback-${id}`]));
    }
  }

  /**
   * Goes to the first field at fault.
   * @param {Record<string, string>} faults
   * @returns {string} what is wrong there
   */
  refuse(faults) {
    this.ask(faults, true);
    const first = [...this.form.elements].find((field) => (field.getAttribute("name") ?? "") in faults);
    if (!(first instanceof HTMLElement)) return Object.values(faults)[0];
    const row = first.closest("[data-claim]");
    if (row) this.turnTo(row, false);
    first.focus();
    first.scrollIntoView({ block: "nearest" });
    return faults[first.getAttribute("name") ?? ""];
  }
}
