/**
 * Says beside each field of a form what in it may point to a real person, a moment after it is typed. [data-look] is the
 * address that looks; it keeps nothing. Without a connection the notes stay as they are: nothing waits for them.
 */

/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */

const PAUSE = 1200;
const FILES = "files";
/** What folds on the map once it is written: its note stays to be seen. */
const WRITTEN = ".annot-write";
/** Times and codes of lines are no words. */
const NO_WORDS = /-(at|codes)$/u;

/**
 * @param {Element} element
 * @returns {element is Field}
 */
function isText(element) {
  const isLine = element instanceof HTMLInputElement && element.type === "text";
  if (!isLine && !(element instanceof HTMLTextAreaElement)) return false;
  return Boolean(element.name) && !element.readOnly && !("unkept" in element.dataset) && !NO_WORDS.test(element.name);
}

/**
 * @param {HTMLFormElement} form
 * @returns {Field[]}
 */
const fieldsOf = (form) => [...form.elements].filter(isText);

/**
 * Puts the note beside each field of a form that has one, and takes those away that say nothing any more.
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} notes by the fields' names
 * @returns {string[]} what is new, to be heard
 */
export function tellNotes(form, notes) {
  return fieldsOf(form).flatMap((field) => {
    const words = notes[field.name] ?? "";
    const isNew = tell(field.id, field.name, words, field.closest(WRITTEN) ?? field, field);
    return isNew ? [`${field.labels?.[0]?.textContent?.trim() ?? ""}: ${words}`] : [];
  });
}

/**
 * @param {string} id
 * @param {string} name
 * @param {string} words
 * @param {Element} before
 * @param {Field | null} field
 * @returns {boolean} whether there is something new to be heard
 */
function tell(id, name, words, before, field) {
  const noteId = `${id}-points`;
  const note = document.getElementById(noteId);
  const place = note?.querySelector("[data-points-words]");
  if (place && place.textContent === words) return false;
  if (!words) {
    note?.remove();
    describe(field, noteId, false);
    return false;
  }
  if (place) place.textContent = words;
  else {
    before.after(drawn(noteId, name, words));
    describe(field, noteId, true);
  }
  return true;
}

class Looker {
  timer = 0;
  asked = new AbortController();

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.url = form.dataset.look ?? "";
    this.list = form.querySelector("[data-drop-list]");
    this.seen = JSON.stringify(this.texts());
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    form.append(this.status);
  }

  /** The names of the files that are in the list, but for those that are unticked. */
  get names() {
    const names = [...(this.list?.querySelectorAll(".name") ?? [])].filter((name) => {
      const box = name.querySelector("input");
      return !box || box.checked;
    });
    return names.map((name) => name.textContent?.trim() ?? "").join("\n");
  }

  /** @returns {Record<string, string>} what is written, by the fields' names */
  texts() {
    const said = fieldsOf(this.form).map((field) => [field.name, field.value.trim()]);
    return Object.fromEntries([...said, [FILES, this.names]].filter(([_name, text]) => text));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.look(), PAUSE);
  }

  async look() {
    const texts = this.texts();
    const now = JSON.stringify(texts);
    if (now === this.seen || !this.form.isConnected) return;
    this.asked.abort();
    this.asked = new AbortController();
    const token = this.form.elements.namedItem("csrf_token");
    try {
      const answer = await fetch(this.url, {
        method: "POST",
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "X-CSRFToken": token instanceof HTMLInputElement ? token.value : "",
        },
        body: JSON.stringify({ texts }),
        signal: this.asked.signal,
        redirect: "error",
      });
      if (!answer.ok) return;
      const said = await answer.json();
      this.seen = now;
      this.show(said.notes);
    } catch {
      // nothing waits for a note: the next look, or the page after saving, has it
    }
  }

  /** @param {Record<string, string>} notes */
  show(notes) {
    const news = tellNotes(this.form, notes);
    if (this.list && tell(FILES, FILES, notes[FILES] ?? "", this.list, null)) news.push(notes[FILES]);
    this.status.textContent = news.join(". ");
  }

  wire() {
    this.form.addEventListener("input", () => this.later());
    this.form.addEventListener("change", () => this.later());
    if (this.list) new MutationObserver(() => this.later()).observe(this.list, { childList: true });
    const isUnsaved = "lookNow" in this.form.dataset || this.form.querySelector("[data-kept], [data-typed]");
    if (isUnsaved) {
      this.seen = "{}";
      this.later();
    }
  }
}

/**
 * @param {string} id
 * @param {string} name
 * @param {string} words
 */
function drawn(id, name, words) {
  const note = document.createElement("p");
  note.className = "points-note";
  note.id = id;
  note.dataset.points = name;
  const icon = document.createElement("span");
  icon.className = "bi bi-shield-exclamation";
  icon.setAttribute("aria-hidden", "true");
  const said = document.createElement("span");
  said.dataset.pointsWords = "";
  said.textContent = words;
  note.append(icon, said);
  return note;
}

/**
 * @param {Field | null} field
 * @param {string} id
 * @param {boolean} isThere whether the note `id` describes the field from now on
 */
function describe(field, id, isThere) {
  if (!field) return;
  const ids = new Set((field.getAttribute("aria-describedby") ?? "").split(/\s+/u).filter(Boolean));
  if (isThere) ids.add(id);
  else ids.delete(id);
  if (ids.size) field.setAttribute("aria-describedby", [...ids].join(" "));
  else field.removeAttribute("aria-describedby");
}

/** @param {ParentNode} root */
export function wire(root) {
  for (const form of root.querySelectorAll("form[data-look]")) {
    if (form instanceof HTMLFormElement) new Looker(form).wire();
  }
}
