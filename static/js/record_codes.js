/**
 * The criteria of a line as chips, chosen from a list that unfolds by outcome and can be searched. The field in which
 * codes are typed without this script stays what is sent: `1.2, 1.3`, or `HRCC 1.2, 1.3; PCSC 2.1` where units differ.
 */

const USED_MOST = 8;

/**
 * @param {string} text
 * @param {string[]} units
 * @returns {string[]} each criterion with its unit, if units are named
 */
function read(text, units) {
  return text.split(";").flatMap((part) => {
    const group = part.trim();
    const unit = units.find((one) => group.toLowerCase().startsWith(`${one.toLowerCase()} `)) ?? "";
    const codes = group.slice(unit.length).split(/[\s,]+/u).filter(Boolean);
    return codes.map((code) => (unit ? `${unit} ${code}` : code));
  });
}

/** @param {string[]} names */
function write(names) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const name of names) {
    const unit = name.slice(0, Math.max(0, name.lastIndexOf(" ")));
    groups.set(unit, [...(groups.get(unit) ?? []), name.slice(name.lastIndexOf(" ") + 1)]);
  }
  return [...groups].map(([unit, codes]) => `${unit} ${codes.join(", ")}`.trim()).join("; ");
}

/**
 * @param {string} className
 * @param {string} words
 */
function button(className, words) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = words;
  return made;
}

export class Codes {
  /** @type {HTMLInputElement | null} */
  field = null;
  /** @type {string} the criterion whose chip was last taken up or off, to keep the keyboard where it was */
  opener = "";

  /** @param {HTMLElement} section */
  constructor(section) {
    this.section = section;
    const list = section.querySelector("[data-codes-list]");
    const rows = [...section.querySelectorAll("[data-code]")].filter((row) => row instanceof HTMLElement);
    /** @type {Map<string, string>} */
    this.texts = new Map(rows.map((row) => [row.dataset.code ?? "", row.lastElementChild?.textContent ?? ""]));
    const units = [...this.texts.keys()].map((name) => name.slice(0, Math.max(0, name.lastIndexOf(" "))));
    this.units = [...new Set(units)].filter(Boolean);
    this.dialog = document.createElement("dialog");
    this.build(list, rows);
  }

  /**
   * @param {Element | null} list
   * @param {HTMLElement[]} rows
   */
  build(list, rows) {
    this.dialog.className = "codes-dialog";
    this.dialog.setAttribute("aria-labelledby", "codes-h");
    const head = document.createElement("div");
    head.className = "codes-head";
    const title = document.createElement("h2");
    title.id = "codes-h";
    title.textContent = "Which criteria does it show?";
    const label = document.createElement("label");
    label.className = "visually-hidden";
    label.htmlFor = "codes-find";
    label.textContent = "Find a criterion by its code or its words";
    this.search = document.createElement("input");
    Object.assign(this.search, { type: "search", id: "codes-find", className: "form-control", autocomplete: "off" });
    this.search.placeholder = "Code or words";
    const done = button("btn btn-act", "Done");
    done.addEventListener("click", () => this.dialog.close());
    this.used = document.createElement("div");
    this.used.className = "chips codes-used";
    this.used.setAttribute("role", "group");
    this.used.setAttribute("aria-label", "Used in this record");
    head.append(title, label, this.search, done, this.used);
    const body = document.createElement("div");
    body.className = "codes-body";
    this.none = document.createElement("p");
    this.none.className = "muted";
    this.none.textContent = "No criterion fits.";
    this.none.hidden = true;
    body.append(...(list ? [...list.querySelectorAll(":scope > :not(summary)")] : []), this.none);
    list?.remove();
    for (const row of rows) {
      const pick = button("pick", "");
      pick.append(...row.childNodes);
      pick.addEventListener("click", () => this.toggle(row.dataset.code ?? ""));
      row.append(pick);
    }
    this.dialog.append(head, body);
    this.section.append(this.dialog);
    this.search.addEventListener("input", () => this.filter());
    this.search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const first = rows.find((row) => this.search.value.trim() && !row.hidden);
      if (first) this.toggle(first.dataset.code ?? "");
    });
    this.dialog.addEventListener("close", () => this.back());
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
  }

  /** @param {HTMLInputElement} field */
  names(field) {
    return read(field.value, this.units);
  }

  /**
   * @param {HTMLInputElement} field
   * @param {string[]} names
   */
  set(field, names) {
    field.value = write(names);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** @param {string} name */
  toggle(name) {
    if (!this.field) return;
    const names = this.names(this.field);
    this.set(this.field, names.includes(name) ? names.filter((one) => one !== name) : [...names, name]);
    this.press();
  }

  /** @param {HTMLInputElement} field */
  open(field) {
    this.field = field;
    this.search.value = "";
    this.filter();
    this.press();
    this.dialog.showModal();
  }

  /** After choosing, back to the line that it was for. */
  back() {
    const opener = this.field?.closest("[data-line]")?.querySelector("[data-line-pick]");
    this.field = null;
    if (opener instanceof HTMLElement) opener.focus();
  }

  press() {
    if (!this.field) return;
    const names = this.names(this.field);
    for (const row of this.dialog.querySelectorAll("[data-code]")) {
      row.querySelector("button")?.setAttribute("aria-pressed", String(names.includes(row.getAttribute("data-code") ?? "")));
    }
    const fields = [...this.section.querySelectorAll("[data-line-codes]")].filter((one) => one instanceof HTMLInputElement);
    const known = fields.reverse().flatMap((one) => this.names(one)).filter((name) => this.texts.has(name));
    const used = [...new Set(known)].slice(0, USED_MOST);
    const hadFocus = this.used.contains(document.activeElement) ? document.activeElement?.textContent : null;
    this.used.replaceChildren(
      ...used.map((name) => {
        const chip = button("chip", name);
        chip.setAttribute("aria-pressed", String(names.includes(name)));
        chip.addEventListener("click", () => this.toggle(name));
        return chip;
      }),
    );
    const again = [...this.used.children].find((one) => one.textContent === hadFocus);
    if (again instanceof HTMLElement) again.focus();
    else if (hadFocus) this.search.focus();
  }

  filter() {
    const wanted = this.search.value.toLowerCase().split(/\s+/u).filter(Boolean);
    let shown = 0;
    for (const row of this.dialog.querySelectorAll("[data-code]")) {
      if (!(row instanceof HTMLElement)) continue;
      const words = `${row.dataset.code} ${row.textContent}`.toLowerCase();
      row.hidden = !wanted.every((word) => words.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    for (const fold of this.dialog.querySelectorAll("details")) {
      fold.hidden = !fold.querySelector("[data-code]:not([hidden])");
      if (wanted.length) fold.open = !fold.hidden;
    }
    for (const unit of this.dialog.querySelectorAll(".codes-unit")) {
      if (unit instanceof HTMLElement) unit.hidden = !unit.querySelector("[data-code]:not([hidden])");
    }
    this.none.hidden = shown > 0;
  }

  /**
   * Has the chips of a line say what its field says.
   * @param {HTMLInputElement} field
   */
  show(field) {
    const place = field.parentElement?.querySelector("[data-line-chips]");
    if (!(place instanceof HTMLElement)) return;
    const names = this.names(field);
    place.replaceChildren(
      ...names.map((name) => {
        const chip = button(this.texts.has(name) ? "chip" : "chip is-wrong", name);
        chip.title = this.texts.get(name) ?? "No such criterion";
        chip.setAttribute("aria-label", `Take ${name} off`);
        const icon = document.createElement("span");
        icon.className = "bi bi-x-lg";
        icon.setAttribute("aria-hidden", "true");
        chip.append(icon);
        chip.addEventListener("click", () => {
          this.set(field, this.names(field).filter((one) => one !== name));
          const pick = place.querySelector("[data-line-pick]");
          if (pick instanceof HTMLElement) pick.focus();
        });
        return chip;
      }),
      this.pickFor(field, names.length > 0),
    );
  }

  /**
   * @param {HTMLInputElement} field
   * @param {boolean} hasSome
   */
  pickFor(field, hasSome) {
    const pick = button("chip chip-add", hasSome ? "More" : "Criteria");
    const icon = document.createElement("span");
    icon.className = "bi bi-plus-lg";
    icon.setAttribute("aria-hidden", "true");
    pick.prepend(icon);
    pick.dataset.linePick = "";
    pick.setAttribute("aria-haspopup", "dialog");
    const number = /** @type {HTMLElement | null} */ (field.closest("[data-line]"))?.dataset.number ?? "";
    pick.setAttribute("aria-label", `${hasSome ? "More criteria" : "Criteria"} for line ${number}`);
    pick.addEventListener("click", () => this.open(field));
    return pick;
  }
}
