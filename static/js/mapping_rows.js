/** One row of the mapping page: a criterion with its tick, its words and its place; and how it looks while nobody edits it. */
import { find, lead } from "./places.js";

/** @typedef {{annotation: string, place: string}} Text */

/**
 * @param {string} tag
 * @param {string} look
 * @param {string} [words]
 */
function made(tag, look, words = "") {
  const element = document.createElement(tag);
  element.className = look;
  element.textContent = words;
  return element;
}

/** @param {string} words */
function button(words) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn-text";
  made.append(words);
  return made;
}

/** @param {string} name */
function icon(name) {
  const drawn = made("span", `bi bi-${name}`);
  drawn.setAttribute("aria-hidden", "true");
  return drawn;
}

export class Row {
  /** Whether its words follow the shared note as that is typed. */
  follows = false;
  /** @type {HTMLElement | null} */
  told = null;

  /** @param {HTMLElement} item */
  constructor(item) {
    this.item = item;
    this.code = item.dataset.code ?? "";
    this.name = item.dataset.name ?? "";
    this.kind = item.dataset.kind ?? "";
    this.box = /** @type {HTMLInputElement} */ (item.querySelector(".crit-row > input"));
    this.area = item.querySelector("textarea");
    this.field = /** @type {HTMLInputElement | null} */ (item.querySelector(".place > input"));
    this.write = /** @type {HTMLElement | null} */ (item.querySelector(".annot-write"));
    this.state = item.querySelector(".crit-row > .state");
    this.look = [...(item.querySelector(".state")?.classList ?? [])].find((each) => each.startsWith("is-")) ?? "";
    this.words = (item.querySelector(".crit-row")?.textContent ?? "").toLowerCase();
    this.show = button("Show the place");
    this.show.hidden = true;
    this.show.addEventListener("click", () => lead(this.place, this.show));
    item.querySelector(".annot .line")?.append(this.show);
  }

  get id() {
    return this.box.value;
  }

  get isLocked() {
    return this.area === null;
  }

  get isTicked() {
    return this.box.checked;
  }

  get place() {
    if (this.field) return this.field.value.trim();
    return this.item.querySelector("[data-place]")?.getAttribute("data-place") ?? "";
  }

  get annotation() {
    return this.area?.value.trim() ?? "";
  }

  /** What the focus goes to when a chip in the evidence leads here. */
  get target() {
    if (!this.isLocked) return this.box;
    this.item.id ||= `row-${this.box.id}`;
    this.item.tabIndex = -1;
    return this.item;
  }

  /** @returns {Text} */
  get text() {
    return { annotation: this.annotation, place: this.place };
  }

  /** @param {Text | null} text what it says from now on; null takes the tick away */
  fill(text) {
    this.box.checked = text !== null;
    this.setWords(text?.annotation ?? "");
    this.setPlace(text?.place ?? "");
  }

  /** @param {string} words */
  setWords(words) {
    if (this.area) this.area.value = words;
    this.draw();
  }

  /** @param {string} words */
  setPlace(words) {
    if (this.field) this.field.value = words;
    this.draw();
  }

  /** @param {boolean} isShared whether its words are those of a shared note */
  tellShared(isShared) {
    const present = this.write?.querySelector("[data-from-shared]");
    if (!isShared) present?.remove();
    if (isShared && !present && this.area) {
      const line = made("p", "small muted from-shared");
      line.dataset.fromShared = "";
      line.append(icon("files"), " From a shared note");
      this.area.before(line);
    }
    this.draw();
  }

  /** What is said already stands as text, with a button that opens the fields. */
  fold() {
    const isWanting = this.area?.hasAttribute("aria-invalid") || this.field?.hasAttribute("aria-invalid");
    if (!this.write || !this.isTicked || !this.annotation || isWanting) return;
    this.told = made("div", "annot-told");
    this.write.before(this.told);
    this.write.hidden = true;
    this.draw();
  }

  /** @param {boolean} [isFocused] whether the focus goes to the words */
  open(isFocused = true) {
    this.told?.remove();
    this.told = null;
    if (this.write) this.write.hidden = false;
    if (isFocused) this.area?.focus();
  }

  /** A gap is a draft once it is ticked. */
  tellState() {
    if (this.kind !== "gap") return;
    this.state?.replaceChildren(icon(this.isTicked ? "pencil" : "circle"), this.isTicked ? "Draft" : "Gap");
  }

  draw() {
    const isHere = this.place !== "" && find(this.place).length > 0;
    this.show.hidden = !isHere;
    if (!this.told) return;
    const edit = button("Edit");
    edit.append(made("span", "visually-hidden", ` what you say of ${this.name}`));
    edit.addEventListener("click", () => this.open());
    const line = made("div", "line");
    const about = made("span", "muted");
    if (this.place) about.append(icon("geo-alt"), " ", isHere ? this.link() : this.place);
    if (this.write?.querySelector("[data-from-shared]")) {
      about.append(this.place ? " · " : "", icon("files"), " from a shared note");
    }
    line.append(about, edit);
    this.told.replaceChildren(made("p", "annot-text verbatim", this.annotation), line);
  }

  link() {
    const link = button(this.place);
    link.classList.add("place-link");
    link.addEventListener("click", () => lead(this.place, link));
    return link;
  }

  /** @param {string} words what is wrong with its field; empty when nothing is */
  tellFault(words, name = "annotation") {
    const field = name === "place" ? this.field : this.area;
    if (!field) return;
    const id = `${field.id}-error`;
    document.getElementById(id)?.remove();
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    if (!words) return;
    this.open(false);
    const line = made("p", "msg-bad");
    line.id = id;
    line.append(icon("exclamation-circle-fill"), made("span", "", words));
    (name === "place" ? field.closest(".line") : field)?.before(line);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", id);
  }
}
