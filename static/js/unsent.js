/**
 * Brings back what was in a form when the session was over before it arrived. This tab keeps what a form sends until a
 * page comes that somebody is signed in to; when the sign-in page comes instead, the form is filled again afterwards.
 * Forms that are kept as they are typed look after themselves.
 */
import { contentOf, fill } from "./drafts.js";

const KEY = "unsent";
const WORDS = "You were signed out before this was saved. Here is what you had typed: look at it and send it again.";

/** @typedef {{person: string, url: string, form: number, content: import("./drafts.js").Content, isUnsent: boolean}} Sent */

const here = () => location.pathname + location.search;

/** @returns {HTMLFormElement[]} */
const forms = () =>
  [...document.querySelectorAll("form[data-guard]")].filter(
    (form) => form instanceof HTMLFormElement && !form.querySelector("[data-autosave]"),
  );

/** @returns {Sent | null} */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

/** @param {Sent | null} sent */
function keep(sent) {
  try {
    if (sent) sessionStorage.setItem(KEY, JSON.stringify(sent));
    else sessionStorage.removeItem(KEY);
  } catch {
    // a browser that keeps nothing sends the form all the same
  }
}

/** @param {HTMLFormElement} form */
function tell(form) {
  const notice = document.createElement("div");
  notice.className = "flash flash-more";
  notice.setAttribute("role", "status");
  const icon = document.createElement("span");
  icon.className = "bi bi-exclamation-diamond";
  icon.setAttribute("aria-hidden", "true");
  const words = document.createElement("p");
  words.textContent = WORDS;
  notice.append(icon, words);
  form.before(notice);
}

/** @param {string} person */
function settle(person) {
  const sent = kept();
  if (!sent) return;
  if (!person) keep({ ...sent, isUnsent: true });
  else if (!sent.isUnsent || sent.person !== person) keep(null);
  else if (sent.url === here()) {
    const form = forms()[sent.form];
    keep(null);
    if (!form) return;
    fill(form, sent.content);
    form.dataset.guard = "changed";
    tell(form);
  }
}

export function wire() {
  const person = document.body.dataset.person ?? "";
  settle(person);
  forms().forEach((form, number) => {
    form.addEventListener("submit", () => {
      keep({ person, url: here(), form: number, content: contentOf(form), isUnsent: false });
    });
  });
}
