/**
 * Keeps what is typed as it is typed, for every form that holds an element with data-autosave (the place), data-rev
 * and data-url. `data-kept`: the page was opened with a draft; `data-typed`: it answers a form that was sent.
 * Without a connection, or when the session is over, this browser keeps it until the server has it.
 */
import { allKeys, canon, contentOf, fill, find, forget, keep, keyOf, send, standing } from "./drafts.js";

/** @typedef {import("./drafts.js").Content} Content */
/** @typedef {import("./drafts.js").Standing} Standing */

const PAUSE = 1500;
const RETRY = 5000;
const SIGN_OUT = "form[action$='/sign-out']";
const AWAY = "Not connected: kept in this browser";
const SIGNED_OUT = "You are signed out. Sign in in another tab; nothing typed is lost";
const SOMEBODY_ELSE = "Somebody else is signed in here now, so this is kept in this browser only";

/** Whose page this is; nobody's when it was opened without signing in. */
const personHere = () => document.body.dataset.person ?? "";

/** @param {string} token */
function renewToken(token) {
  for (const field of document.querySelectorAll("input[name=csrf_token]")) {
    if (field instanceof HTMLInputElement) field.value = token;
  }
}

/** @param {HTMLFormElement} form */
function tokenOf(form) {
  const field = form.elements.namedItem("csrf_token");
  return field instanceof HTMLInputElement ? field.value : "";
}

class Keeper {
  /** @type {{content: Content, rev: number} | null} */
  other = null;
  /** @type {Promise<boolean> | null} */
  busy = null;
  passing = false;
  /** Whether the server will not keep it as a draft at all; it may still take the form itself. */
  isRefused = false;
  timer = 0;
  /** What was last kept here, and what was last sent: when the server has one of these, that is no other window. */
  keptHere = "";
  tried = "";

  /**
   * @param {HTMLElement} holder
   * @param {HTMLFormElement} form
   */
  constructor(holder, form) {
    this.form = form;
    this.holder = holder;
    this.person = personHere();
    this.url = holder.dataset.url ?? "";
    this.key = keyOf(this.person, holder.dataset.autosave ?? "");
    this.rev = Number(holder.dataset.rev);
    this.sent = "typed" in holder.dataset ? "" : canon(contentOf(form));
  }

  isChanged() {
    return canon(contentOf(this.form)) !== this.sent;
  }

  /** @returns {boolean} whether closing the page now would lose nothing */
  keepHere() {
    const content = contentOf(this.form);
    this.keptHere = canon(content);
    return keep(this.key, { url: this.url, rev: this.rev, content });
  }

  /**
   * @param {string} words
   * @param {"saved" | "waiting" | "apart"} how
   */
  say(words, how) {
    const place = this.form.querySelector("[data-autosave-status]");
    if (!(place instanceof HTMLElement)) return;
    place.dataset.how = how;
    if (place.textContent !== words) place.textContent = words;
  }

  /** @param {number} pause */
  later(pause) {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), pause);
  }

  /**
   * @param {boolean} [leaving]
   * @returns {Promise<boolean>} whether the server has all of it
   */
  async save(leaving = false) {
    clearTimeout(this.timer);
    if (this.busy) await this.busy;
    if (!this.form.isConnected || this.other) return false;
    if (!this.isChanged()) return true;
    this.busy = this.put(contentOf(this.form), leaving);
    const done = await this.busy;
    this.busy = null;
    return done;
  }

  /**
   * @param {Content} content
   * @param {boolean} leaving
   * @param {boolean} [again]
   * @returns {Promise<boolean>}
   */
  async put(content, leaving, again = false) {
    const earlier = [this.keptHere, this.tried];
    this.tried = canon(content);
    try {
      const { status, said } = await send({ url: this.url, rev: this.rev, content }, tokenOf(this.form), leaving);
      if (status === 200 || (status === 409 && canon(said.content) === this.tried)) return this.saved(content, said);
      if (status === 409 && !again && earlier.includes(canon(said.content))) {
        this.rev = said.rev;
        return this.put(content, leaving, true);
      }
      if (status === 409 && said.content) return this.show(said.content, said.rev, said.message ?? "");
      if (status === 401) return this.wait(SIGNED_OUT);
      if (status === 400 && !again) return (await this.renew()) && this.put(content, leaving, true);
      if (status < 500) return this.wait(said.message ?? "", false);
    } catch {
      return this.wait(AWAY);
    }
    return this.wait("The server is busy: kept in this browser");
  }

  /**
   * @param {Content} content
   * @param {Standing} said
   */
  saved(content, said) {
    this.rev = said.rev;
    this.sent = canon(content);
    if (!this.isChanged()) forget(this.key);
    this.say(`Saved ${said.saved_at}`, "saved");
    return true;
  }

  /**
   * @param {string} words
   * @param {boolean} [again]
   */
  wait(words, again = true) {
    this.isRefused = !again;
    this.keepHere();
    this.say(words, "waiting");
    if (again) this.timer = window.setTimeout(() => this.retry(), RETRY);
    return false;
  }

  /** The page's token is of an earlier session, or of somebody else's. */
  async renew() {
    const { status, said } = await standing(this.url);
    if (status === 401) return this.wait(SIGNED_OUT);
    if (status !== 200) return this.wait(said.message ?? "", false);
    if (said.person !== this.person) return this.wait(SOMEBODY_ELSE);
    renewToken(said.csrf_token);
    return true;
  }

  async retry() {
    clearTimeout(this.timer);
    if (!this.form.isConnected || this.other || !this.isChanged()) return;
    try {
      if (await this.renew()) await this.save();
    } catch {
      this.wait(AWAY);
    }
  }

  /**
   * Two versions: shows the other one, and keeps nothing more until the person has chosen.
   * @param {Content} content
   * @param {number} rev
   * @param {string} why
   */
  show(content, rev, why) {
    this.keepHere();
    this.other = { content, rev };
    const section = this.form.querySelector("[data-other]");
    const text = section?.querySelector("textarea");
    const reason = section?.querySelector("[data-other-why]");
    if (!(section instanceof HTMLElement) || !text || !reason) return false;
    text.value = this.words(content);
    section.hidden = false;
    reason.textContent = `${why} Nothing is lost: choose which version goes on.`;
    this.say("There are two versions. Choose one of them above", "apart");
    return false;
  }

  /**
   * The fields in which the other version differs, each under its label.
   * @param {Content} content
   */
  words(content) {
    const mine = contentOf(this.form);
    const parts = [];
    for (const name of new Set([...Object.keys(content), ...Object.keys(mine)])) {
      const field = this.form.querySelector(`[name="${CSS.escape(name)}"]`);
      const isLine = field instanceof HTMLInputElement && ["text", "date"].includes(field.type);
      if (!isLine && !(field instanceof HTMLTextAreaElement)) continue;
      if (String(mine[name] ?? "") === String(content[name] ?? "")) continue;
      parts.push(`${field.labels?.[0]?.textContent?.trim() ?? name}\n${content[name] || "(empty)"}`);
    }
    return parts.join("\n\n") || "The same words, with other ticks.";
  }

  /** @param {boolean} isOther whether the other version goes on */
  choose(isOther) {
    if (!this.other) return;
    const { content, rev } = this.other;
    this.other = null;
    this.rev = rev;
    const section = this.form.querySelector("[data-other]");
    if (section instanceof HTMLElement) section.hidden = true;
    if (isOther) {
      fill(this.form, content);
      this.say("The other version is in the form now", "saved");
    }
    this.sent = "";
    this.save();
    const text = this.form.querySelector("textarea:not([readonly])");
    if (text instanceof HTMLElement) text.focus();
  }

  /** What this browser kept when the page was last open goes back into the form, or beside it. */
  restore() {
    const kept = find(this.key);
    if (this.isChanged()) {
      this.later(0);
    } else if (kept && canon(kept.content) === this.sent) {
      forget(this.key);
    } else if (kept && "kept" in this.holder.dataset && kept.rev !== this.rev) {
      this.show(kept.content, this.rev, "This browser kept another version, which was not sent.");
      keep(this.key, kept);
    } else if (kept) {
      fill(this.form, kept.content);
      this.say("What this browser kept is back in the form", "waiting");
      this.later(0);
    }
  }

  /** @param {SubmitEvent} event */
  submit(event) {
    if (this.passing || (!this.isChanged() && !this.other)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.save().then((done) => {
      this.form.dispatchEvent(new Event("send:failed", { bubbles: true }));
      if (done || this.isRefused) {
        this.passing = true;
        this.form.requestSubmit(event.submitter);
        this.passing = false;
      } else if (this.other) {
        const section = this.form.querySelector("[data-other] button");
        if (section instanceof HTMLElement) section.focus();
      }
    });
  }

  wire() {
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.form.addEventListener("input", () => this.later(PAUSE));
    this.form.addEventListener("change", () => this.later(PAUSE));
    this.form.addEventListener("focusout", () => this.save());
    this.form.querySelector("[data-take-other]")?.addEventListener("click", () => this.choose(true));
    this.form.querySelector("[data-keep-mine]")?.addEventListener("click", () => this.choose(false));
    this.restore();
  }
}

/** @type {Keeper[]} */
let keepers = [];

/** The page may be gone in a moment. */
function leave() {
  for (const keeper of keepers) {
    if (!keeper.form.isConnected || !keeper.isChanged()) continue;
    keeper.keepHere();
    keeper.save(true);
  }
}

/** What this browser keeps for whoever has this page open. */
const ownKeys = () => allKeys().filter((key) => key.startsWith(keyOf(personHere(), "")));

/** Sends what this browser kept on other pages. */
async function settle() {
  const here = new Set(keepers.map((keeper) => keeper.key));
  for (const key of ownKeys().filter((each) => !here.has(each))) {
    const kept = find(key);
    if (!kept?.url) continue;
    try {
      const { status, said } = await standing(kept.url);
      if (status !== 200 || said.person !== personHere()) return;
      const isFree = !said.content || said.rev === kept.rev;
      const isThere = canon(said.content) === canon(kept.content);
      const done = isThere || (isFree && (await send({ ...kept, rev: said.rev }, said.csrf_token)).status === 200);
      if (done) forget(key);
    } catch {
      return;
    }
  }
}

/** Signing out waits until the server has everything; then this browser forgets it. */
function watchSignOut() {
  for (const form of document.querySelectorAll(SIGN_OUT)) {
    let passing = false;
    form.addEventListener("submit", (event) => {
      if (passing) return;
      const unsent = keepers.filter((keeper) => keeper.form.isConnected && keeper.isChanged());
      if (!unsent.length) return ownKeys().forEach(forget);
      event.preventDefault();
      Promise.all(unsent.map((keeper) => keeper.save())).then((done) => {
        if (done.every(Boolean)) ownKeys().forEach(forget);
        passing = true;
        form.dispatchEvent(new Event("send:failed", { bubbles: true }));
        if (form instanceof HTMLFormElement) form.requestSubmit();
      });
    });
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") leave();
  else keepers.forEach((keeper) => keeper.retry());
});
window.addEventListener("pagehide", leave);
window.addEventListener("online", () => keepers.forEach((keeper) => keeper.retry()));
window.addEventListener("beforeunload", (event) => {
  const isLost = (/** @type {Keeper} */ keeper) => keeper.form.isConnected && keeper.isChanged() && !keeper.keepHere();
  if (keepers.some(isLost)) event.preventDefault();
});

/** @param {ParentNode} root */
export function wire(root) {
  keepers = [];
  for (const holder of root.querySelectorAll("[data-autosave]")) {
    const form = holder.closest("form");
    if (holder instanceof HTMLElement && form) keepers.push(new Keeper(holder, form));
  }
  for (const keeper of keepers) keeper.wire();
  watchSignOut();
  if (personHere()) settle();
}
