/**
 * Saves what an assessor notes as it is typed. Without a connection, or when the session is over, this browser keeps it
 * until the server has it; when two versions meet, both are shown and the person chooses.
 */
import { canon, contentOf, find, forget, keep } from "./drafts.js";

/** @typedef {import("./drafts.js").Content} Content */
/**
 * @typedef {{rev: number, saved: string, decided: number, total: number, asks: Record<string, string>,
 *   points: Record<string, string>}} Saved
 */
/** @typedef {{by: string, when: string, is_final: boolean, rev: number, fields: Record<string, string>}} Standing */
/** @typedef {{label: string, mine: string, theirs: string, isShort: boolean}} Part a field in which two versions differ */
/**
 * @typedef {object} Hooks
 * @property {(content: Content) => void} take puts a content into the form
 * @property {(asks: Record<string, string>) => void} ask shows what a release will ask for
 * @property {(points: Record<string, string>) => void} point shows what in the feedback may point to a real person
 * @property {(faults: Record<string, string>) => string} refuse shows what was asked for just now, and answers the first of it
 */

const PREFIX = "marking:";
const PAUSE = 800;
const RETRY = 5000;
const AWAY = "Not connected: kept in this browser";
const BUSY = "The server is busy: kept in this browser";
const SIGNED_OUT = "You are signed out. Sign in in another tab; nothing typed is lost";
const SOMEBODY_ELSE = "Somebody else is signed in here now, so this is kept in this browser only";
/** What browsers still send for a page that is gone, in bytes, with room for the headers. */
const KEEPALIVE_MOST = 60_000;
const WORDS = { y: "ticked", met: "met", not_yet_met: "not yet met", insufficient: "insufficient" };

const personHere = () => document.body.dataset.person ?? "";

/**
 * Whether two contents say the same, but for spaces round a text, which the server does not keep.
 * @param {Content} one
 * @param {Content} other
 */
function isSame(one, other) {
  const bare = (/** @type {Content} */ content) =>
    canon(Object.fromEntries(Object.entries(content).map(([name, value]) => [name, String(value).trim()])));
  return bare(one) === bare(other);
}

/**
 * @param {string} url
 * @param {Content} content
 * @param {{rev: number, token: string, then?: string, leaving?: boolean}} how
 */
async function post(url, content, { rev, token, then = "", leaving = false }) {
  const body = new URLSearchParams({ ...content, rev: String(rev), ...(then ? { then } : {}) });
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  const keepalive = (leaving || then !== "") && body.toString().length < KEEPALIVE_MOST;
  const answer = await fetch(url, { method: "POST", headers, body, keepalive, redirect: "error" });
  return { status: answer.status, said: await answer.json() };
}

/** @param {string} when a time of day, or a day */
const at = (when) => `${when.includes(":") ? "at" : "on"} ${when}`;

/**
 * @param {Part} part
 * @param {string} whose
 */
function drawn(part, whose) {
  const item = document.createElement("li");
  const head = document.createElement("strong");
  head.textContent = part.label;
  const lines = [["In this window", part.mine], [whose, part.theirs]].map(([who, words]) => {
    const line = document.createElement("p");
    line.className = "verbatim";
    line.textContent = `${who}: ${words}`;
    return line;
  });
  item.append(head, ...lines);
  return item;
}

export class Saver {
  /** @type {Standing | null} */
  other = null;
  /** @type {Promise<unknown> | null} */
  busy = null;
  timer = 0;
  /** @type {Content} what was last sent: when the server has that, no other window was there */
  tried = {};

  /**
   * @param {HTMLFormElement} form
   * @param {Hooks} hooks
   * @param {boolean} isTyped whether the page answers a form whose content was not saved
   */
  constructor(form, hooks, isTyped) {
    this.form = form;
    this.hooks = hooks;
    this.url = form.action;
    this.person = personHere();
    this.key = `${PREFIX}${this.person}:${new URL(this.url).pathname}`;
    this.rev = Number(this.input("rev")?.value ?? 0);
    this.sent = isTyped ? null : contentOf(form);
    form.querySelector("[data-keep-mine]")?.addEventListener("click", () => this.choose(false));
    form.querySelector("[data-take-other]")?.addEventListener("click", () => this.choose(true));
  }

  /**
   * @param {string} name
   * @returns {HTMLInputElement | null}
   */
  input(name) {
    const field = this.form.elements.namedItem(name);
    return field instanceof HTMLInputElement ? field : null;
  }

  get token() {
    return this.input("csrf_token")?.value ?? "";
  }

  isChanged() {
    return this.sent === null || !isSame(contentOf(this.form), this.sent);
  }

  /** @returns {boolean} whether closing the page now would lose nothing */
  keepHere() {
    return keep(this.key, { url: this.url, rev: this.rev, content: contentOf(this.form) });
  }

  /**
   * @param {string} words
   * @param {"saved" | "waiting" | "apart"} how
   */
  say(words, how) {
    const place = this.form.querySelector("[data-saved]");
    if (!(place instanceof HTMLElement)) return;
    place.dataset.how = how;
    if (place.textContent !== words) place.textContent = words;
  }

  /** @param {boolean} atOnce */
  later(atOnce) {
    clearTimeout(this.timer);
    if (!this.other) this.timer = window.setTimeout(() => this.save(), atOnce ? 0 : PAUSE);
  }

  /**
   * @param {boolean} [leaving]
   * @returns {Promise<boolean>} whether the server has all of it
   */
  async save(leaving = false) {
    clearTimeout(this.timer);
    while (this.busy) await this.busy;
    if (this.other) return false;
    if (!this.isChanged()) return true;
    const content = contentOf(this.form);
    return (await this.send(content, { leaving })) !== null;
  }

  /**
   * Saves and releases in one.
   * @param {string} then
   * @returns {Promise<string>} where to go on; nothing when it was refused
   */
  async release(then) {
    clearTimeout(this.timer);
    while (this.busy) await this.busy;
    if (this.other) return "";
    const said = await this.send(contentOf(this.form), { then });
    return said && "next" in said ? said.next : "";
  }

  /**
   * @param {Content} content
   * @param {{then?: string, leaving?: boolean}} how
   * @returns {Promise<any>} what the server said when it took it
   */
  async send(content, how) {
    const sending = this.put(content, how, false);
    this.busy = sending;
    const said = await sending;
    if (this.busy === sending) this.busy = null;
    return said;
  }

  /**
   * @param {Content} content
   * @param {{then?: string, leaving?: boolean}} how
   * @param {boolean} again
   * @returns {Promise<any>}
   */
  async put(content, how, again) {
    const earlier = this.tried;
    this.tried = content;
    try {
      const { status, said } = await post(this.url, content, { rev: this.rev, token: this.token, ...how });
      if (status === 200) return this.saved(content, said);
      if (status === 409 && said.saved && !said.saved.is_final && !again && isSame(said.saved.fields, earlier)) {
        this.rev = said.saved.rev;
        return this.put(content, how, true);
      }
      if (status === 409 && said.saved) return this.show(said.saved, said.message);
      if (status === 422) return this.refused(said.faults, Boolean(how.then));
      if (status === 401) return this.wait(SIGNED_OUT);
      if (status === 400 && !again) return (await this.renew()) && this.put(content, how, true);
      if (status < 500) return this.wait(said.message ?? "This cannot be saved now", false);
    } catch {
      return this.wait(AWAY);
    }
    return this.wait(BUSY);
  }

  /**
   * @param {Content} content
   * @param {any} said
   */
  saved(content, said) {
    this.sent = content;
    if (!this.isChanged()) forget(this.key);
    if ("next" in said) return said;
    this.rev = said.rev;
    this.hooks.ask(said.asks);
    this.hooks.point(said.points);
    for (const way of this.form.parentElement?.querySelectorAll("[data-agree]") ?? []) way.remove();
    this.say(`Saved ${said.saved}`, "saved");
    return said;
  }

  /**
   * @param {Record<string, string>} faults
   * @param {boolean} isRelease
   */
  refused(faults, isRelease) {
    this.keepHere();
    const others = Object.keys(faults).length - 1;
    const words = `Not ${isRelease ? "released" : "saved"}. ${this.hooks.refuse(faults)}`;
    this.say(others ? `${words} And ${others} more.` : words, "apart");
    return null;
  }

  /**
   * @param {string} words
   * @param {boolean} [again]
   */
  wait(words, again = true) {
    this.keepHere();
    this.say(words, "waiting");
    clearTimeout(this.timer);
    if (again) this.timer = window.setTimeout(() => this.save(), RETRY);
    return null;
  }

  /** The page's token is of an earlier session, or of somebody else's. */
  async renew() {
    const answer = await fetch(`${this.url}?renew=1`, { headers: { Accept: "application/json" }, redirect: "error" });
    if (answer.status === 401) return this.wait(SIGNED_OUT);
    if (!answer.ok) return this.wait("This cannot be saved now", false);
    const said = await answer.json();
    if (said.person !== this.person) return this.wait(SOMEBODY_ELSE);
    for (const field of document.querySelectorAll("input[name=csrf_token]")) {
      if (field instanceof HTMLInputElement) field.value = said.csrf_token;
    }
    return true;
  }

  /**
   * Two versions: shows the other one, and saves nothing more until the person has chosen.
   * @param {Standing} other
   * @param {string} why
   * @param {string} [whose]
   * @param {string} [what] names the other version on its button
   */
  show(other, why, whose = `Saved by ${other.by} ${at(other.when)}`, what = `what was saved ${at(other.when)}`) {
    this.keepHere();
    this.other = other;
    const section = this.form.querySelector("[data-other]");
    const places = ["[data-other-why]", "[data-other-parts]", "[data-keep-mine]", "[data-take-other]"];
    const [reason, list, mine, theirs] = places.map((each) => section?.querySelector(each));
    if (!(section instanceof HTMLElement) || !reason || !list || !mine || !theirs) return null;
    const parts = this.differences(other.fields);
    list.replaceChildren(...parts.map((part) => drawn(part, whose)));
    const [only] = parts.length === 1 && parts[0].isShort ? parts : [];
    mine.textContent = only ? `Keep “${only.mine}”` : "Keep what is in this window";
    theirs.textContent = only ? `Keep “${only.theirs}”` : `Keep ${what}`;
    reason.textContent = `${why} Nothing is lost: ${other.is_final ? "copy what you need from both" : "choose which goes on"}.`;
    for (const button of section.querySelectorAll("button")) button.hidden = other.is_final;
    section.hidden = false;
    section.scrollIntoView({ block: "nearest" });
    this.say("There are two versions. Look at the top of the form", "apart");
    return null;
  }

  /**
   * The fields in which the other version differs, each with both.
   * @param {Content} content
   * @returns {Part[]}
   */
  differences(content) {
    const mine = contentOf(this.form);
    const parts = [];
    for (const name of new Set([...Object.keys(mine), ...Object.keys(content)])) {
      if (String(mine[name] ?? "").trim() === String(content[name] ?? "").trim()) continue;
      const field = this.form.querySelector(`[name="${CSS.escape(name)}"]`);
      const label = name.startsWith("outcome-")
        ? field?.closest("fieldset")?.querySelector("legend")?.textContent
        : field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement
          ? field.labels?.[0]?.textContent
          : name;
      const isText = field instanceof HTMLTextAreaElement;
      const none = name.startsWith("outcome-") ? "not decided" : "not ticked";
      const [ours, theirs] = [mine[name], content[name]].map((value) =>
        isText ? String(value ?? "") || "nothing" : (/** @type {Record<string, string>} */ (WORDS)[String(value ?? "")] ?? none),
      );
      parts.push({ label: label?.trim() ?? name, mine: ours, theirs, isShort: !isText });
    }
    return parts;
  }

  /** @param {boolean} isOther whether the other version goes on */
  choose(isOther) {
    if (!this.other) return;
    const { rev, fields } = this.other;
    this.other = null;
    this.rev = rev;
    const section = this.form.querySelector("[data-other]");
    if (section instanceof HTMLElement) section.hidden = true;
    if (isOther) this.hooks.take(fields);
    this.sent = null;
    this.save();
  }

  /** What this browser kept when the item was last open goes back into the form, or beside it. */
  restore() {
    const kept = find(this.key);
    if (this.isChanged()) return this.later(true);
    if (!kept) return;
    const content = contentOf(this.form);
    if (isSame(kept.content, content)) forget(this.key);
    else if (kept.rev === this.rev) {
      this.hooks.take(kept.content);
      this.say("What this browser kept is back in the form", "waiting");
      this.later(true);
    } else {
      const fields = /** @type {Record<string, string>} */ (kept.content);
      const other = { by: "", when: "", is_final: false, rev: this.rev, fields };
      this.show(other, "This browser kept another version, which was not sent.", "Kept in this browser", "what this browser kept");
      keep(this.key, kept);
    }
  }

  /** The page may be gone in a moment. */
  leave() {
    if (!this.isChanged() || !this.form.isConnected) return;
    this.keepHere();
    this.save(true);
  }
}

/** What this browser keeps for whoever has this page open, but for one item. */
function keptKeys(/** @type {string} */ but = "") {
  const own = `${PREFIX}${personHere()}:`;
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(own) && key !== but);
  } catch {
    return [];
  }
}

/**
 * Sends what this browser kept of other items. What is refused waits until its item is opened.
 * @param {Saver} saver
 */
export async function settle(saver) {
  for (const key of keptKeys(saver.key)) {
    const kept = find(key);
    if (!kept) continue;
    try {
      const { status } = await post(kept.url, kept.content, { rev: kept.rev, token: saver.token });
      if (status === 200) forget(key);
    } catch {
      return;
    }
  }
}

/** Signed out on purpose: this browser forgets what it kept. */
export const forgetAll = () => keptKeys().forEach(forget);
