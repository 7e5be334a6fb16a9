/**
 * Sends files ahead of their form: one request for each, a few at a time, so that each has its own progress, result and
 * way out, and a lost connection costs one file and no words. The form names what has arrived, and waits for the rest.
 */
import { fileButton, line, size } from "./fileline.js";

const AT_ONCE = 3;
const LOST = "The connection was lost before all of it had arrived.";

/** @typedef {"queued" | "sending" | "here" | "lost" | "refused"} State */

/**
 * @typedef {object} Sending
 * @property {File} file
 * @property {State} state
 * @property {HTMLElement} item
 * @property {HTMLElement} result
 * @property {HTMLButtonElement} retry
 * @property {XMLHttpRequest | null} request
 * @property {number} waitingId
 */

/**
 * What the server said of a file, or the words for when it said nothing that can be read.
 * @param {XMLHttpRequest} request
 */
function answer(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return { message: "The server did not take it. Try again in a moment." };
  }
}

/**
 * @param {string} url
 * @param {string} token
 */
function post(url, token) {
  const request = new XMLHttpRequest();
  request.open("POST", url);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", token);
  return request;
}

/**
 * @param {number} count
 * @param {string} rest
 */
function filesWord(count, rest) {
  return `${count} ${count === 1 ? "file is" : "files are"} ${rest}`;
}

/** @param {Element | null} element */
function focusOn(element) {
  if (element instanceof HTMLElement) element.focus();
}

/** Everything about the files of one form: the line, the list, and the form's own button. */
class Tray {
  /**
   * @param {HTMLElement} zone
   * @param {HTMLInputElement} input
   * @param {HTMLFormElement} form
   * @param {HTMLElement} list
   */
  constructor(zone, input, form, list) {
    this.input = input;
    this.url = zone.dataset.sendUrl ?? "";
    this.fileMost = Number(zone.dataset.fileMost);
    this.roomLeft = Number(zone.dataset.roomLeft);
    this.form = form;
    this.list = list;
    this.said = zone.parentElement?.querySelector("[data-drop-said]");
    /** @type {Sending[]} */
    this.files = [];
    /** @type {HTMLElement | null} */
    this.submitter = null;
    this.button = form.querySelector("button[type=submit]:not([formaction], [hidden])");
    this.buttonWords = this.button?.textContent ?? "";
    form.addEventListener("submit", (event) => this.holdBack(event));
    window.addEventListener("beforeunload", (event) => {
      if (form.isConnected && this.count("queued", "sending") > 0) event.preventDefault();
    });
    for (const item of list.querySelectorAll("[data-waiting]")) this.letRemove(item);
  }

  get token() {
    const field = this.form.elements.namedItem("csrf_token");
    return field instanceof HTMLInputElement ? field.value : "";
  }

  /** @param {State[]} states */
  count(...states) {
    return this.files.filter((sending) => states.includes(sending.state)).length;
  }

  /** @param {string} words */
  tell(words) {
    if (this.said) this.said.textContent = words;
  }

  /** @param {Iterable<File>} files */
  add(files) {
    for (const file of files) {
      const { item, remove, result } = line(file.name);
      const retry = fileButton("Retry", file.name);
      retry.hidden = true;
      remove.after(retry);
      /** @type {Sending} */
      const sending = { file, state: "queued", item, result, retry, request: null, waitingId: 0 };
      remove.addEventListener("click", () => this.remove(sending));
      retry.addEventListener("click", () => this.queue(sending));
      this.files.push(sending);
      this.list.append(item);
      this.offerTitle(file);
      this.queue(sending);
    }
  }

  /**
   * The first file's name is as good a title as none.
   * @param {File} file
   */
  offerTitle(file) {
    const title = this.form.elements.namedItem("title");
    if (!(title instanceof HTMLInputElement) || title.value.trim() || title.maxLength < 1) return;
    const words = file.name.replace(/\.[^.]+$/, "").replaceAll("_", " ").trim();
    title.value = (words.charAt(0).toUpperCase() + words.slice(1)).slice(0, title.maxLength);
    title.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {Sending} sending */
  queue(sending) {
    const tooLarge = this.tooLarge(sending.file);
    if (tooLarge) this.end(sending, "refused", tooLarge);
    else {
      sending.retry.hidden = true;
      this.mark(sending, "queued", `${size(sending.file.size)}, waiting for its turn`);
    }
    this.advance();
  }

  /** @param {File} file */
  tooLarge(file) {
    const has = `${file.name} has ${size(file.size)}.`;
    if (file.size > this.fileMost) return `${has} One file may have up to ${size(this.fileMost)}.`;
    if (file.size > this.roomLeft) return `${has} There is no room for it: ${size(this.roomLeft)} are left.`;
    return "";
  }

  advance() {
    for (const sending of this.files) {
      if (this.count("sending") >= AT_ONCE) break;
      if (sending.state === "queued") this.send(sending);
    }
    this.list.hidden = this.list.children.length === 0;
    const underway = this.count("queued", "sending");
    if (this.button) {
      const words = underway ? `${this.buttonWords.trim()} (${filesWord(underway, "on the way")})` : this.buttonWords;
      this.button.textContent = words;
    }
    if (underway === 0 && this.submitter !== null) this.goOn();
  }

  /** @param {Sending} sending */
  send(sending) {
    const { file, item } = sending;
    const bar = document.createElement("progress");
    bar.className = "bar";
    bar.setAttribute("aria-label", `Sending ${file.name}`);
    item.append(bar);
    const request = post(`${this.url}?name=${encodeURIComponent(file.name)}`, this.token);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.max = event.total;
      bar.value = event.loaded;
      const all = event.loaded === event.total;
      sending.result.textContent = all ? "Sent. Being checked" : `${size(event.loaded)} of ${size(event.total)} sent`;
    });
    request.addEventListener("load", () => this.answered(sending, request));
    request.addEventListener("error", () => this.end(sending, "lost", LOST));
    request.addEventListener("loadend", () => {
      bar.remove();
      this.advance();
    });
    sending.request = request;
    this.mark(sending, "sending", `${size(file.size)}, being sent`);
    request.send(file);
  }

  /**
   * @param {Sending} sending
   * @param {XMLHttpRequest} request
   */
  answered(sending, request) {
    const said = answer(request);
    if (request.status === 201) {
      const named = document.createElement("input");
      named.type = "hidden";
      named.name = "waiting";
      named.value = said.uid;
      sending.item.append(named);
      sending.waitingId = said.id;
      this.roomLeft -= sending.file.size;
      this.end(sending, "here", `${said.kind}, ${size(said.size)}. It has arrived.`);
    } else {
      const isFinal = request.status === 413 || request.status === 422;
      this.end(sending, isFinal ? "refused" : "lost", said.message);
    }
  }

  /**
   * @param {Sending} sending
   * @param {State} state
   * @param {string} words
   */
  mark(sending, state, words) {
    sending.state = state;
    sending.result.textContent = words;
    sending.result.classList.toggle("msg-bad", state === "lost" || state === "refused");
    sending.result.classList.toggle("muted", state !== "lost" && state !== "refused");
  }

  /**
   * @param {Sending} sending
   * @param {State} state
   * @param {string} words
   */
  end(sending, state, words) {
    sending.request = null;
    this.mark(sending, state, words);
    sending.retry.hidden = state !== "lost";
    const underway = this.count("queued", "sending");
    const said = words.startsWith(sending.file.name) ? words : `${sending.file.name}: ${words}`;
    this.tell(`${said} ${underway ? filesWord(underway, "still on the way.") : ""}`.trim());
  }

  /** @param {Sending} sending */
  remove(sending) {
    sending.request?.abort();
    if (sending.waitingId) {
      post(`/waiting-files/${sending.waitingId}/remove`, this.token).send();
      this.roomLeft += sending.file.size;
    }
    this.files = this.files.filter((other) => other !== sending);
    this.takeOut(sending.item, sending.file.name);
  }

  /**
   * A file that was here before the page was: it can be left out by its box, and be removed for good by a button.
   * @param {Element} item
   */
  letRemove(item) {
    const name = item.querySelector(".name")?.textContent?.trim() ?? "";
    const button = fileButton("Remove", name);
    item.querySelector(".name")?.after(button);
    button.addEventListener("click", () => {
      post(item.getAttribute("data-waiting") ?? "", this.token).send();
      this.takeOut(item, name);
    });
  }

  /**
   * @param {Element} item
   * @param {string} name
   */
  takeOut(item, name) {
    item.remove();
    this.tell(`${name} is removed.`);
    this.advance();
    focusOn(this.input);
  }

  /**
   * The form is sent when everything has arrived, and not while something needs a decision.
   * @param {SubmitEvent} event
   */
  holdBack(event) {
    const underway = this.count("queued", "sending");
    const failed = this.files.filter((sending) => sending.state === "lost" || sending.state === "refused");
    if (underway === 0 && failed.length === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.form.dispatchEvent(new Event("send:failed", { bubbles: true }));
    if (underway > 0) {
      this.submitter = event.submitter;
      this.tell(`This goes on by itself when everything has arrived. ${filesWord(underway, "still on the way.")}`);
    } else {
      this.tell(`${failed[0].file.name} is not here. Retry or remove it first.`);
      focusOn(failed[0].item.querySelector("button:not([hidden])"));
    }
  }

  /** Everything is here that was waited for, or has failed. */
  goOn() {
    const submitter = this.submitter;
    this.submitter = null;
    if (this.count("lost", "refused") === 0) this.form.requestSubmit(submitter);
  }
}

/**
 * Takes files for a place that names where to send them.
 * @param {HTMLElement} zone
 * @param {HTMLInputElement} input
 * @param {HTMLElement} list
 */
export function sender(zone, input, list) {
  const form = input.form;
  if (form === null) return () => undefined;
  const tray = new Tray(zone, input, form, list);
  /** @param {Iterable<File>} files */
  return (files) => tray.add(files);
}
