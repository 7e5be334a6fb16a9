/**
 * The page of an item's personal data: each decision is sent without loading the page anew, and the next thing comes into
 * focus. J and K go on and back, R replaces, E keeps, M merges, S splits, U undoes, W marks words. All of it works without.
 */
import { keysAreOff, wireKeybar } from "./keybar.js";
import { Marker } from "./screening_marking.js";

const NAME = " - NVQ Portfolio";
const PAUSE = 2000;
const OFFLINE = "There is no connection, so nothing was decided. What you typed is still here.";
const PANE = "[data-sheet]";

/** @typedef {{title: string, html: string, said: string, at: string}} Part */

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLElement &&
  target.matches("input, textarea, select") &&
  !(target instanceof HTMLInputElement && ["checkbox", "radio"].includes(target.type));

class Review {
  isBusy = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  poll = undefined;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.url = place.dataset.review ?? "";
    this.marker = new Marker(place);
  }

  get cards() {
    return /** @type {HTMLElement[]} */ ([...this.place.querySelectorAll(".entity[data-card]")]);
  }

  get current() {
    return this.place.querySelector(".entity.cur");
  }

  /** @param {string} words */
  say(words) {
    for (const place of document.querySelectorAll("[data-review-said], [data-review-shown]")) place.textContent = words;
  }

  wirePart() {
    wireKeybar(this.place);
    this.marker.wirePart();
    if (this.current) this.paint(this.current);
    clearTimeout(this.poll);
    if (this.place.querySelector("[data-review-waiting]")) this.poll = setTimeout(() => this.ask(), PAUSE);
  }

  /**
   * Shows what came instead of what is there, where the reader was.
   * @param {Part} part
   */
  show(part) {
    const top = this.place.querySelector(PANE)?.scrollTop ?? 0;
    this.place.innerHTML = part.html;
    document.title = part.title + NAME;
    const pane = this.place.querySelector(PANE);
    if (pane) pane.scrollTop = top;
    this.wirePart();
  }

  /**
   * @param {string} url
   * @param {RequestInit} [options]
   * @returns {Promise<{part: Part, isTaken: boolean} | null>} null when there is nothing to show
   */
  async fetch(url, options = {}) {
    const answer = await fetch(url, { ...options, headers: { Accept: "application/json" } });
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error(answer.statusText);
    const told = await answer.json();
    if (typeof told.html === "string") return { part: told, isTaken: answer.ok };
    if (answer.status === 401 || answer.status === 404) location.reload();
    else this.say(told.message ?? "");
    return null;
  }

  /** @param {SubmitEvent} event */
  async submit(event) {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
    event.preventDefault();
    form.dispatchEvent(new Event("send:failed", { bubbles: true }));
    if (this.isBusy) return;
    const button = event.submitter;
    const url = button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
    this.isBusy = true;
    try {
      const came = await this.fetch(url, { method: "POST", body: new FormData(form) });
      if (!came) return;
      this.show(came.part);
      this.say(came.part.said);
      if (came.isTaken) this.turnTo(document.getElementById(came.part.at));
      else this.turnToFault(came.part.at);
    } catch {
      this.say(OFFLINE);
    } finally {
      this.isBusy = false;
    }
  }

  /** Looks whether the files have been looked through meanwhile; nothing is taken from under somebody's hands. */
  async ask() {
    const waiting = this.place.querySelector("[data-review-waiting]");
    if (!waiting || !this.place.isConnected) return;
    try {
      const answer = await fetch(waiting.getAttribute("data-review-waiting") ?? "", { headers: { Accept: "application/json" } });
      if (answer.status === 401 || answer.status === 404) return location.reload();
      const { mark } = await answer.json();
      const isNew = mark !== waiting.getAttribute("data-review-mark");
      if (isNew && !this.isBusy && !isTyping(document.activeElement) && !this.marker.isAtWork) await this.refresh();
    } catch {
      // it is asked again
    }
    clearTimeout(this.poll);
    this.poll = setTimeout(() => this.ask(), PAUSE);
  }

  async refresh() {
    const [at, focused] = [this.current?.id ?? "", document.activeElement?.id ?? ""];
    const came = await this.fetch(`${this.url}?at=${encodeURIComponent(at)}`);
    if (!came) return;
    this.show(came.part);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  /** @param {string} url */
  async look(url) {
    try {
      const came = await this.fetch(url);
      if (!came) return;
      this.show(came.part);
      const link = this.place.querySelector("[data-look]");
      if (link instanceof HTMLElement) link.focus({ preventScroll: true });
    } catch {
      location.assign(url);
    }
  }

  /**
   * Works on a card: it opens, and its places in the text are shown.
   * @param {Element | null} card
   * @param {boolean} [isFocused]
   */
  turnTo(card, isFocused = true) {
    if (!(card instanceof HTMLElement)) return;
    for (const other of this.cards) other.classList.toggle("cur", other === card);
    const folded = card.closest("details:not([open])");
    if (folded instanceof HTMLDetailsElement) folded.open = true;
    this.paint(card);
    const heading = document.getElementById(`${card.id}-h`) ?? card;
    if (isFocused) heading.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  /** @param {Element} card */
  paint(card) {
    const finds = [...this.place.querySelectorAll("a.find")];
    const own = finds.filter((find) => find.getAttribute("data-of") === card.id);
    for (const find of finds) {
      find.classList.toggle("cur", find === own[0]);
      find.classList.toggle("same", own.indexOf(find) > 0);
    }
    const pane = this.place.querySelector(PANE);
    if (own[0] && pane instanceof HTMLElement && getComputedStyle(pane).position === "sticky") {
      const [at, around] = [own[0].getBoundingClientRect(), pane.getBoundingClientRect()];
      if (at.top < around.top + 60 || at.bottom > around.bottom - 20) {
        pane.scrollTop += at.top - around.top - around.height / 3;
      }
    }
  }

  /** @param {string} at */
  turnToFault(at) {
    this.turnTo(document.getElementById(at), false);
    const field = this.place.querySelector(".cur [data-keep][open] input, .cur [aria-invalid], #missed[open] #words");
    const found = field ?? this.place.querySelector("[data-errors]");
    if (found instanceof HTMLElement) found.focus();
  }

  /** @param {number} step */
  go(step) {
    const cards = this.cards.filter((card) => card.hasAttribute("data-open"));
    const at = this.current ? cards.indexOf(/** @type {HTMLElement} */ (this.current)) : -1;
    const next = cards[at < 0 ? 0 : at + step];
    if (next) this.turnTo(next);
    else this.say(step > 0 ? "This is the last one." : "This is the first one.");
  }

  /**
   * Presses what a key stands for on the card that is worked on.
   * @param {string} key
   */
  press(key) {
    const button = this.current?.querySelector(`[data-key="${key}"]`);
    if (!(button instanceof HTMLElement)) return this.say("That cannot be done with this one.");
    if (key === "m") this.merge();
    else if (key === "e") this.openKeep();
    else button.click();
  }

  openKeep() {
    const keep = this.current?.querySelector("[data-keep]");
    if (!(keep instanceof HTMLDetailsElement)) return;
    keep.open = true;
    keep.querySelector("input")?.focus({ preventScroll: true });
    keep.scrollIntoView({ block: "nearest" });
  }

  /** Whom it is the same as is chosen first. */
  merge() {
    const into = this.current?.querySelector("select[name=into]");
    const button = this.current?.querySelector("[data-key=m]");
    if (into instanceof HTMLSelectElement && !into.value) into.focus();
    else if (button instanceof HTMLElement) button.click();
  }

  undo() {
    const button = this.place.querySelector("#undo-newest button");
    if (button instanceof HTMLElement) button.click();
    else this.say("There is nothing to undo.");
  }

  /** @param {MouseEvent} event */
  click(event) {
    const target = event.target instanceof Element ? event.target : null;
    if (!target || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = target.closest("a");
    const card = target.closest(".entity[data-open]");
    if (link?.matches("[data-look]")) this.taken(event, () => this.look(link.href.split("#")[0]));
    else if (link?.matches("[data-of]")) {
      this.taken(event, () => this.turnTo(document.getElementById(link.getAttribute("data-of") ?? "")));
    } else if (link?.matches("[data-turn]")) {
      this.taken(event, () => {
        this.turnTo(card ?? link.closest(".entity"));
        if (link.dataset.turn === "keep") this.openKeep();
        else this.merge();
      });
    } else if (link?.matches("[data-step]")) this.taken(event, () => this.go(1));
    else if (link?.matches("[data-turn-to]")) {
      this.taken(event, () => this.turnTo(document.getElementById(link.getAttribute("data-turn-to") ?? "")));
    } else if (card && card !== this.current && !target.closest("button, summary")) this.turnTo(card, false);
  }

  /**
   * @param {Event} event
   * @param {() => void} act
   */
  taken(event, act) {
    event.preventDefault();
    act();
  }

  /** @param {Event} event */
  tick(event) {
    if (!(event.target instanceof HTMLInputElement) || event.target.name !== "finding") return;
    const card = event.target.closest(".entity");
    const count = card?.querySelector("[data-ticked]");
    if (!card || !count) return;
    const ticked = card.querySelectorAll("input[name=finding]:checked").length;
    const all = Number(count.getAttribute("data-ticked"));
    count.textContent = ticked === all ? `all ${all}` : `${ticked} of ${all}`;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || keysAreOff()) return;
    if (event.key === "Escape" && this.current?.contains(document.activeElement)) return this.turnTo(this.current);
    if (isTyping(event.target) || !this.place.isConnected) return;
    const act = {
      j: () => this.go(1),
      k: () => this.go(-1),
      r: () => this.press("r"),
      e: () => this.press("e"),
      m: () => this.press("m"),
      s: () => this.press("s"),
      u: () => this.undo(),
      w: () => this.marker.begin(),
    }[event.key.toLowerCase()];
    if (!act || event.shiftKey || (event.repeat && !"jk".includes(event.key.toLowerCase()))) return;
    event.preventDefault();
    act();
  }

  wire() {
    this.place.addEventListener("submit", (event) => this.submit(event));
    this.place.addEventListener("click", (event) => this.click(event));
    this.place.addEventListener("change", (event) => this.tick(event));
    document.addEventListener("keydown", (event) => this.key(event));
    this.marker.wire();
    this.wirePart();
  }
}

/** @param {ParentNode} root */
export function wire(root) {
  const place = root.querySelector("[data-review]");
  if (place instanceof HTMLElement) new Review(place).wire();
}
