/**
 * Saves the mapping as one ticks and types, without loading the page. When another window was first, both versions are
 * there to choose from; without a connection, or signed out, it waits and says so.
 */

/** @typedef {import("./mapping_rows.js").Row} Row */
/** @typedef {import("./mapping_rows.js").Text} Text */
/**
 * @typedef {{rev: number, saved: string, count: number, stand: string, is_clear: boolean, message: string,
 *   faults: Record<string, string>, moved: boolean, theirs: Record<string, Text>, person: string, csrf_token: string}} Answer
 */

const PAUSE = 800;
const RETRY = 5000;
/** What browsers still send for a page that is gone, in bytes, with room for the headers. */
const KEEPALIVE_MOST = 60_000;
const AWAY = "Not connected. It is saved when the connection is back; leave this page open.";
const SIGNED_OUT = "You are signed out. Sign in in another tab; nothing here is lost.";
const SOMEBODY_ELSE = "Somebody else is signed in here now, so this is not saved.";

/**
 * @param {string} url
 * @param {RequestInit} [options]
 * @returns {Promise<{status: number, said: Answer}>}
 */
async function ask(url, options = {}) {
  const answer = await fetch(url, { ...options, headers: { Accept: "application/json" }, redirect: "error" });
  return { status: answer.status, said: await answer.json() };
}

/**
 * Has the step "Personal data" of the way of an item say how what is saved stands.
 * @param {string} words
 * @param {boolean} isClear
 */
function tellStep(words, isClear) {
  const place = document.querySelector(".steps [data-stand]");
  const step = place?.closest("li");
  if (!place || !step) return;
  place.textContent = words;
  step.classList.toggle("left", !isClear);
  step.classList.toggle("done", isClear);
}

export class Saver {
  /** @type {Promise<boolean> | null} */
  busy = null;
  /** @type {Record<string, Text> | null} */
  theirs = null;
  /** What is on its way. */
  sending = "";
  isRefused = false;
  isWaiting = false;
  passing = false;
  timer = 0;

  /**
   * @param {HTMLFormElement} form
   * @param {Row[]} rows
   */
  constructor(form, rows) {
    this.form = form;
    this.rows = rows.filter((row) => !row.isLocked);
    this.url = location.pathname;
    this.status = form.querySelector("[data-map-status]");
    this.apart = form.querySelector("[data-apart]");
    const standing = this.value("rev")?.dataset.standing;
    this.sent = standing === "kept" ? this.content() : "";
    /** What the server refused or another window contradicted is sent again only on request. */
    this.isHeld = standing === "typed";
    delete form.dataset.guard;
  }

  /** @returns {Record<string, Text>} what every ticked criterion says, by its id */
  texts() {
    return Object.fromEntries(this.rows.filter((row) => row.isTicked).map((row) => [row.id, row.text]));
  }

  content() {
    return JSON.stringify(this.texts());
  }

  isChanged() {
    return this.content() !== this.sent;
  }

  /** @param {string} name */
  value(name) {
    const field = this.form.elements.namedItem(name);
    return field instanceof HTMLInputElement ? field : null;
  }

  /**
   * @param {string} words
   * @param {"saved" | "waiting" | "apart"} how
   */
  say(words, how) {
    if (!(this.status instanceof HTMLElement)) return;
    this.status.dataset.how = how;
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  later(pause = PAUSE) {
    clearTimeout(this.timer);
    if (!this.isHeld) this.timer = window.setTimeout(() => this.save(), pause);
  }

  /**
   * @param {boolean} [asked] whether somebody pressed Save
   * @returns {Promise<boolean>} whether the server has all of it
   */
  async save(asked = false) {
    clearTimeout(this.timer);
    if (this.busy) await this.busy;
    if (asked) this.isHeld = false;
    if (this.theirs || this.isHeld || !this.form.isConnected) return false;
    if (!asked && !this.isChanged()) return true;
    this.busy = this.put();
    const done = await this.busy;
    this.busy = null;
    return done;
  }

  body() {
    const sent = new URLSearchParams();
    sent.set("csrf_token", this.value("csrf_token")?.value ?? "");
    sent.set("rev", this.value("rev")?.value ?? "");
    for (const [id, text] of Object.entries(this.texts())) {
      sent.append("criterion", id);
      if (text.annotation) sent.set(`annotation-${id}`, text.annotation);
      if (text.place) sent.set(`place-${id}`, text.place);
    }
    return sent;
  }

  /**
   * @param {boolean} [again]
   * @returns {Promise<boolean>}
   */
  async put(again = false) {
    const content = this.content();
    const body = this.body();
    const keepalive = body.toString().length < KEEPALIVE_MOST;
    this.sending = content;
    try {
      const { status, said } = await ask(this.url, { method: "POST", body, keepalive });
      if (status === 200) return this.saved(content, said);
      if (status === 409 && said.theirs) return this.show(said);
      if (status === 422) return this.refuse(said);
      if (status === 401) return this.wait(SIGNED_OUT);
      if (status === 400 && !again) return (await this.renew()) && this.put(true);
      if (status < 500) return this.stop(said.message);
    } catch {
      return this.wait(AWAY);
    }
    return this.wait("The server is busy. It is tried again in a moment.");
  }

  /** @param {string} rev */
  setRev(rev) {
    const field = this.value("rev");
    if (field) field.value = rev;
  }

  /**
   * @param {string} content
   * @param {Answer} said
   */
  saved(content, said) {
    this.setRev(String(said.rev));
    this.sent = content;
    this.isWaiting = this.isRefused = false;
    for (const row of this.rows) for (const name of ["annotation", "place"]) row.tellFault("", name);
    this.say(`Saved ${said.saved}. Nothing is lost if you leave.`, "saved");
    tellStep(said.stand, said.is_clear);
    if (this.isChanged()) this.later();
    return true;
  }

  /** @param {Answer} said */
  refuse(said) {
    if (said.moved) {
      this.passing = true;
      this.form.requestSubmit();
      return false;
    }
    for (const [name, words] of Object.entries(said.faults)) {
      const [kind, id] = name.split("-");
      this.rows.find((row) => row.id === id)?.tellFault(words, kind);
    }
    return this.stop(`Not saved. ${Object.values(said.faults)[0] ?? ""}`);
  }

  /** @param {string} words */
  stop(words) {
    this.isRefused = true;
    this.say(words, "apart");
    return false;
  }

  /** @param {string} words */
  wait(words) {
    this.isWaiting = true;
    this.say(words, "waiting");
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.retry(), RETRY);
    return false;
  }

  async retry() {
    try {
      if (this.form.isConnected && (await this.renew())) await this.save();
    } catch {
      this.wait(AWAY);
    }
  }

  /** The page's token may be of an earlier session, or the session somebody else's. */
  async renew() {
    const { status, said } = await ask(this.url);
    if (status === 401) return this.wait(SIGNED_OUT);
    if (status !== 200) return this.stop(said.message);
    if (said.person !== document.body.dataset.person) return this.wait(SOMEBODY_ELSE);
    for (const field of document.querySelectorAll("input[name=csrf_token]")) {
      if (field instanceof HTMLInputElement) field.value = said.csrf_token;
    }
    return true;
  }

  /**
   * Another window was first: shows where it differs, and saves nothing more until one of the two is chosen.
   * @param {Answer} said
   */
  show(said) {
    this.theirs = said.theirs;
    this.setRev(String(said.rev));
    const mine = this.texts();
    const lines = this.rows
      .filter((row) => JSON.stringify(mine[row.id]) !== JSON.stringify(said.theirs[row.id]))
      .map((row) => {
        const text = said.theirs[row.id];
        const place = text?.place ? ` (${text.place})` : "";
        return `${row.name}: ${text ? `${text.annotation || "ticked, nothing said yet"}${place}` : "not ticked"}`;
      });
    const area = this.apart?.querySelector("textarea");
    const why = this.apart?.querySelector("[data-apart-why]");
    if (!(this.apart instanceof HTMLElement) || !area || !why) return false;
    area.value = lines.join("\n\n") || "Both say the same.";
    this.apart.hidden = false;
    why.textContent = "This item was mapped in another window while you were here. Nothing is lost: choose which version goes on.";
    this.say("There are two versions. Choose one of them above.", "apart");
    return false;
  }

  /** @param {boolean} isOther whether the other version goes on */
  choose(isOther) {
    const theirs = this.theirs ?? {};
    this.theirs = null;
    if (this.apart instanceof HTMLElement) this.apart.hidden = true;
    if (isOther) for (const row of this.rows) row.fill(theirs[row.id] ?? null);
    this.form.dispatchEvent(new Event("mapping:filled"));
    this.save(true);
    this.rows.find((row) => row.isTicked)?.box.focus();
  }

  /** @param {SubmitEvent} event */
  submit(event) {
    if (this.passing) return;
    event.preventDefault();
    const isHandedIn = event.submitter?.getAttribute("name") === "hand_in";
    this.save(true).then((done) => {
      this.form.dispatchEvent(new Event("send:failed", { bubbles: true }));
      if (this.theirs && this.apart instanceof HTMLElement) this.apart.focus();
      if (!isHandedIn || !(done || this.isRefused)) return;
      this.passing = true;
      this.form.requestSubmit(event.submitter);
    });
  }

  leave() {
    if (this.form.isConnected && this.isChanged() && !this.passing) this.save();
  }

  wire() {
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.addEventListener("focusout", (event) => {
      const isTick = event.target instanceof HTMLInputElement && event.target.type === "checkbox";
      if (!isTick && this.isChanged()) this.later(0);
    });
    this.apart?.querySelector("[data-take-other]")?.addEventListener("click", () => this.choose(true));
    this.apart?.querySelector("[data-keep-mine]")?.addEventListener("click", () => this.choose(false));
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.leave());
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("online", () => this.isWaiting && this.retry());
    window.addEventListener("beforeunload", (event) => {
      const isOvertaken = this.busy !== null && this.content() !== this.sending;
      const isHeldBack = this.isWaiting || this.isRefused || this.isHeld || this.theirs || isOvertaken;
      if (this.form.isConnected && !this.passing && isHeldBack && this.isChanged()) event.preventDefault();
    });
  }
}
