/**
 * What a form holds, and the two places that keep it: the server, and this browser until the server has it.
 * In the browser it lies under the person's own key, so that nobody else's page finds it.
 */

/** @typedef {Record<string, string | string[]>} Content */
/**
 * @typedef {{person: string, csrf_token: string, rev: number, content: Content | null, saved_at: string,
 *   message?: string}} Standing
 */
/** @typedef {{url: string, rev: number, content: Content}} Kept */

const PREFIX = "draft:";
/** What browsers still send for a page that is gone, in bytes, with room for the headers. */
const KEEPALIVE_MOST = 60_000;

/**
 * @param {string} person
 * @param {string} place
 */
export const keyOf = (person, place) => `${PREFIX}${person}:${place}`;

/**
 * Every field of a form but its token, its files and what is marked with data-unkept.
 * @param {HTMLFormElement} form
 * @returns {Content}
 */
export function contentOf(form) {
  const left = new Set(["csrf_token"]);
  for (const field of form.elements) {
    if (field instanceof HTMLElement && "unkept" in field.dataset) left.add(field.getAttribute("name") ?? "");
  }
  /** @type {Content} */
  const content = {};
  for (const [name, value] of new FormData(form)) {
    if (left.has(name) || typeof value !== "string") continue;
    content[name] = name in content ? [content[name], value].flat() : value;
  }
  return content;
}

/**
 * Puts what was kept back into a form, and lets the rest of the page know; before that, whoever makes its fields.
 * @param {HTMLFormElement} form
 * @param {Content} content
 */
export function fill(form, content) {
  form.dispatchEvent(new CustomEvent("draft:fill", { detail: content }));
  const known = new Set(Object.keys(contentOf(form)));
  for (const field of form.elements) {
    const isText = field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement;
    if (!isText && !(field instanceof HTMLInputElement)) continue;
    if (!field.name || field.name === "csrf_token" || field.type === "file" || "unkept" in field.dataset) continue;
    const values = [content[field.name] ?? []].flat();
    if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio")) {
      field.checked = values.includes(field.value);
    } else if (known.has(field.name)) {
      field.value = values[0] ?? "";
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/**
 * A text that two contents share exactly when they say the same.
 * @param {Content | null} content
 */
export function canon(content) {
  const texts = (/** @type {string | string[]} */ value) => [value].flat().map((each) => each.replaceAll("\r\n", "\n"));
  const pairs = Object.entries(content ?? {}).map(([name, value]) => [name, texts(value)]);
  return JSON.stringify(pairs.sort());
}

/**
 * @param {string} key
 * @param {Kept} kept
 * @returns {boolean} whether this browser keeps it
 */
export function keep(key, kept) {
  try {
    localStorage.setItem(key, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} key
 * @returns {Kept | null}
 */
export function find(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} key */
export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // a browser that keeps nothing has nothing to forget
  }
}

/** @returns {string[]} the keys of everything that this browser keeps */
export function allKeys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

/**
 * @param {string} url
 * @param {RequestInit} [options]
 * @returns {Promise<{status: number, said: Standing}>}
 */
async function ask(url, options = {}) {
  const headers = { Accept: "application/json", ...options.headers };
  const answer = await fetch(url, { ...options, headers, redirect: "error" });
  return { status: answer.status, said: await answer.json() };
}

/**
 * What the server keeps, whose it is, and the token to change it with. Rejects when there is no connection.
 * @param {string} url
 */
export const standing = (url) => ask(url);

/**
 * Has the server keep it. Rejects when there is no connection.
 * @param {Kept} kept
 * @param {string} token
 * @param {boolean} [leaving] whether the page may be gone before the answer comes
 */
export function send(kept, token, leaving = false) {
  const body = JSON.stringify({ rev: kept.rev, content: kept.content });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const keepalive = leaving && new Blob([body]).size < KEEPALIVE_MOST;
  return ask(kept.url, { method: "PUT", headers, body, keepalive });
}
