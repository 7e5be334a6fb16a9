/**
 * What was said of criteria that are not ticked. It is not part of the mapping, so this browser keeps it for the person until
 * they sign out, and the criterion has its words again when it is ticked.
 */
import { find, forget, keep, keyOf } from "./drafts.js";

/** @typedef {import("./mapping_rows.js").Row} Row */

export class Unticked {
  /** @param {Row[]} rows */
  constructor(rows) {
    this.rows = rows.filter((row) => !row.isLocked);
    this.key = keyOf(document.body.dataset.person ?? "", `unticked:${location.pathname}`);
  }

  /** Kept without an address, for there is nowhere to send it. */
  keep() {
    /** @type {import("./drafts.js").Content} */
    const content = {};
    for (const row of this.rows) {
      if (!row.isTicked && (row.annotation || row.place)) content[row.id] = [row.annotation, row.place];
    }
    if (Object.keys(content).length) keep(this.key, { url: "", rev: 0, content });
    else forget(this.key);
  }

  giveBack() {
    const content = find(this.key)?.content ?? {};
    for (const row of this.rows) {
      const said = content[row.id];
      if (!said || row.isTicked || row.annotation) continue;
      row.setWords(said[0]);
      row.setPlace(said[1]);
    }
  }
}
