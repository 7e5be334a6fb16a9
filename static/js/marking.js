/**
 * The marking page: wires the item at hand, and exchanges it for the next one without loading the page anew. The links
 * and buttons do the same without this script, a page at a time.
 */
import { tellNotes } from "./looking.js";
import * as keys from "./marking_keys.js";
import { stay } from "./marking_presence.js";
import { Saver, forgetAll, settle } from "./marking_saving.js";
import { Sheet } from "./marking_sheet.js";
import * as stems from "./marking_stems.js";
import * as notices from "./notices.js";
import * as places from "./places.js";
import * as player from "./player.js";
import * as preview from "./preview.js";

const NAME = " - NVQ Portfolio";
const SIGN_OUT = "form[action$='/sign-out']";

/** @typedef {{title: string, html: string}} Part */

class Desk {
  /** @type {Sheet | null} */
  sheet = null;
  /** @type {Saver | null} */
  saver = null;
  isBusy = false;
  leaveItem = () => {};

  /** @param {HTMLElement} parts */
  constructor(parts) {
    this.parts = parts;
  }

  /** @param {string} words */
  say(words) {
    const place = document.querySelector("[data-marking-said]");
    if (place) place.textContent = words;
  }

  /** @param {string[]} news */
  tell(news) {
    if (news.length) this.say(news.join(". "));
  }

  wireItem() {
    const form = this.parts.querySelector("form#sheet");
    const bar = this.parts.querySelector("[data-keybar]");
    if (bar instanceof HTMLElement) bar.hidden = false;
    this.parts.querySelector(".queue [aria-current]")?.scrollIntoView({ block: "nearest" });
    if (!(form instanceof HTMLFormElement)) return;
    const saver = new Saver(
      form,
      {
        take: (content) => sheet.take(content),
        ask: (asks) => sheet.ask(asks),
        point: (points) => this.tell(tellNotes(form, points)),
        refuse: (faults) => sheet.refuse(faults),
      },
      this.parts.querySelector("[data-errors]") !== null,
    );
    stems.wire(form, saver);
    const sheet = new Sheet(form, {
      changed: (atOnce) => {
        saver.later(atOnce);
        this.offer();
      },
      say: (words) => this.say(words),
    });
    form.addEventListener("submit", (event) => this.submit(event));
    [this.sheet, this.saver] = [sheet, saver];
    saver.restore();
    this.offer();
    settle(saver);
    this.leaveItem = stay(`${saver.url}/here`, () => saver.token, this.parts.querySelector("[data-others]"));
  }

  get startButton() {
    const button = this.parts.querySelector("form[action$='/open'] button");
    return button instanceof HTMLElement ? button : null;
  }

  /** @returns {boolean} whether the item is still to be begun; then Enter begins it */
  turnToStart() {
    this.startButton?.focus({ preventScroll: true });
    return this.startButton !== null;
  }

  forgetItem() {
    this.leaveItem();
    [this.sheet, this.saver, this.leaveItem] = [null, null, () => {}];
  }

  /**
   * @param {Part} part
   * @param {string} url
   * @param {boolean} isNew whether the way back leads to the item before
   */
  show(part, url, isNew) {
    this.forgetItem();
    for (const old of document.querySelectorAll("main .flashes")) if (!this.parts.contains(old)) old.remove();
    this.parts.innerHTML = part.html;
    document.title = part.title + NAME;
    if (isNew) history.pushState(null, "", url);
    for (const behaviour of [notices, preview, player, places]) behaviour.wire(this.parts);
    this.wireItem();
    window.scrollTo(0, 0);
    const heading = this.parts.querySelector("h1");
    if (!this.turnToStart() && heading instanceof HTMLElement) heading.focus({ preventScroll: true });
    const position = this.parts.querySelector("[data-position]")?.textContent ?? "";
    this.say([part.title, position].filter(Boolean).join(", "));
  }

  /**
   * @param {string} url
   * @param {{isNew?: boolean, options?: RequestInit}} [how]
   */
  async go(url, { isNew = true, options = {} } = {}) {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      if (this.saver && !(await this.saver.save())) return this.say("What you noted is not saved yet, so this item stays open");
      const answer = await fetch(url, { ...options, headers: { Accept: "application/json", ...options.headers } });
      if (answer.headers.get("Content-Type")?.startsWith("application/json") && answer.ok) {
        this.show(await answer.json(), url, isNew);
      } else {
        location.assign(url);
      }
    } catch {
      this.say("There is no connection, so this item stays open");
    } finally {
      this.isBusy = false;
    }
  }

  /** @param {"next" | "prev"} rel */
  follow(rel) {
    const link = this.parts.querySelector(`a[rel=${rel}]`);
    if (link instanceof HTMLAnchorElement) this.go(link.href);
    else this.say(rel === "next" ? "This is the last item in your queue" : "This is the first item in your queue");
  }

  async release() {
    const button = this.parts.querySelector("button[name=then]");
    if (!this.saver || !(button instanceof HTMLButtonElement) || this.isBusy) return;
    if (this.agreeButton && !this.saver.isChanged()) return this.agreeButton.click();
    this.isBusy = true;
    const next = await this.saver.release(button.value);
    this.isBusy = false;
    if (!next) return;
    this.forgetItem();
    if (/\/\d+$/u.test(next)) this.go(next);
    else location.assign(next);
  }

  /** @returns {HTMLButtonElement | null} agrees with a trainee as it stands; gone once a review of one's own is saved */
  get agreeButton() {
    const button = this.parts.querySelector("button[form=agree]");
    return button instanceof HTMLButtonElement ? button : null;
  }

  /** One way at a time to countersign: to agree while nothing is changed, to save and countersign once something is. */
  offer() {
    const [agree, save] = [this.agreeButton, this.parts.querySelector("button[value=countersign]")];
    if (!this.saver || !(save instanceof HTMLElement)) return;
    const isChanged = !agree || this.saver.isChanged();
    if (agree) agree.hidden = isChanged;
    save.hidden = !isChanged;
    save.classList.replace("btn-line", "btn-act");
  }

  /** @param {SubmitEvent} event */
  submit(event) {
    event.preventDefault();
    event.target?.dispatchEvent(new Event("send:failed", { bubbles: true }));
    if (event.submitter?.getAttribute("name") === "then") this.release();
    else this.saver?.save();
  }

  /** @param {MouseEvent} event */
  click(event) {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const named = link.hash ? document.getElementById(link.hash.slice(1)) : null;
    const row = named?.closest("[data-claim]");
    if (row && this.sheet) {
      this.sheet.turnTo(row, named === row);
      if (named === row) event.preventDefault();
    } else if (link.matches("a[rel=next], a[rel=prev], .queue ol a")) {
      event.preventDefault();
      this.go(link.href);
    }
  }

  /** @param {SubmitEvent} event */
  start(event) {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.action.endsWith("/open")) return;
    event.preventDefault();
    form.dispatchEvent(new Event("send:failed", { bubbles: true }));
    this.go(form.action, { isNew: false, options: { method: "POST", body: new FormData(form) } });
  }

  actions() {
    const sheet = (/** @type {(sheet: Sheet) => void} */ act) => () => this.sheet && act(this.sheet);
    return {
      1: sheet((one) => one.decide("met")),
      2: sheet((one) => one.decide("not_yet_met")),
      3: sheet((one) => one.decide("insufficient")),
      j: sheet((one) => one.step(1)),
      k: sheet((one) => one.step(-1)),
      f: sheet((one) => one.write()),
      s: sheet((one) => one.toggle("sufficient")),
      v: sheet((one) => one.toggle("valid")),
      a: sheet((one) => one.toggle("authentic")),
      r: sheet((one) => one.toggle("reliable")),
      c: sheet((one) => one.toggle("current")),
      u: sheet((one) => one.undo()),
      n: () => this.follow("next"),
      p: () => this.follow("prev"),
      o: () => this.startButton?.click(),
      release: () => this.release(),
      escape: sheet((one) => one.turnTo(one.row)),
    };
  }

  /** Signing out waits until the server has what was noted; then this browser forgets it. */
  watchSignOut() {
    for (const form of document.querySelectorAll(SIGN_OUT)) {
      let passing = false;
      form.addEventListener("submit", (event) => {
        if (passing || !this.saver?.isChanged()) return forgetAll();
        event.preventDefault();
        this.saver.save().then((done) => {
          form.dispatchEvent(new Event("send:failed", { bubbles: true }));
          if (!done || !(form instanceof HTMLFormElement)) return;
          passing = true;
          form.requestSubmit();
        });
      });
    }
  }
}

/** @param {ParentNode} root */
export function wire(root) {
  const parts = root.querySelector("[data-marking]");
  const dialog = root.querySelector("[data-keys-dialog]");
  if (!(parts instanceof HTMLElement) || !(dialog instanceof HTMLDialogElement)) return;
  const desk = new Desk(parts);
  desk.wireItem();
  if (!location.hash) desk.turnToStart();
  desk.watchSignOut();
  keys.wire(dialog, desk.actions());
  parts.addEventListener("click", (event) => desk.click(event));
  parts.addEventListener("submit", (event) => desk.start(event));
  window.addEventListener("popstate", () => {
    if (!location.hash) desk.go(location.href, { isNew: false });
  });
  window.addEventListener("online", () => desk.saver?.later(true));
  window.addEventListener("pagehide", () => desk.saver?.leave());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") desk.saver?.leave();
  });
  window.addEventListener("beforeunload", (event) => {
    if (desk.saver?.isChanged() && !desk.saver.keepHere()) event.preventDefault();
  });
}
