/** One note for many criteria: while it is typed it fills every ticked criterion that has no words of its own. */

/** @typedef {import("./mapping_rows.js").Row} Row */

/** Of the field once it is used; it does not shrink again under the pointer. */
const ROWS = 3;

/**
 * @param {string} words
 * @param {() => void} act
 */
function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn-text";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

export class SharedNote {
  /**
   * @param {Element} place
   * @param {Row[]} rows
   */
  constructor(place, rows) {
    this.rows = rows.filter((row) => !row.isLocked);
    this.area = /** @type {HTMLTextAreaElement} */ (place.querySelector("textarea"));
    this.another = button("Begin another note", () => this.begin());
    this.another.hidden = true;
    this.area.after(this.another);
    this.area.removeAttribute("name");
    this.area.addEventListener("input", () => this.spread());
    this.area.addEventListener("focus", () => this.grow());
    for (const told of place.querySelectorAll("[data-shared-ids]")) {
      const ids = new Set((told.getAttribute("data-shared-ids") ?? "").split(" "));
      told.append(" ", button(`Change it for ${ids.size === 2 ? "both" : `all ${ids.size}`}`, () => this.take(ids, told)));
    }
  }

  grow() {
    this.area.rows = ROWS;
  }

  /** Every ticked criterion without words of its own says what the note says. */
  spread() {
    for (const row of this.rows) {
      if (!row.isTicked || (row.annotation && !row.follows)) continue;
      row.follows = this.area.value.trim() !== "";
      row.setWords(this.area.value);
      row.tellShared(row.follows);
      if (row.follows && !row.told) row.fold();
    }
    this.another.hidden = !this.rows.some((row) => row.follows);
  }

  /** @param {Row} row a criterion with words that somebody typed there */
  leave(row) {
    row.follows = false;
    row.tellShared(false);
  }

  /** The words stay where they are, and the field is free for other ones. */
  begin() {
    for (const row of this.rows) row.follows = false;
    this.area.value = "";
    this.another.hidden = true;
    this.area.focus();
  }

  /**
   * @param {Set<string>} ids the criteria that say the same
   * @param {Element} told
   */
  take(ids, told) {
    for (const row of this.rows) row.follows = row.isTicked && ids.has(row.id);
    this.area.value = this.rows.find((row) => row.follows)?.annotation ?? "";
    this.another.hidden = false;
    told.remove();
    this.area.focus();
  }
}
