/** Sends a form once: a second press of the button while the first answer is on its way does nothing. */

/** @type {WeakSet<HTMLFormElement>} */
const underway = new WeakSet();

/**
 * @param {HTMLFormElement} form
 * @param {boolean} busy
 */
function mark(form, busy) {
  for (const button of form.querySelectorAll("button[type=submit]")) {
    if (busy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

/** @param {Event} event */
function release(event) {
  if (!(event.target instanceof HTMLFormElement)) return;
  underway.delete(event.target);
  mark(event.target, false);
}

/** @param {SubmitEvent} event */
function once(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
  if (underway.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  underway.add(form);
  mark(form, true);
}

/** A page that comes back from the browser's memory may be sent again. */
function restore() {
  for (const form of document.forms) {
    underway.delete(form);
    mark(form, false);
  }
}

export function wire() {
  document.addEventListener("submit", once, { capture: true });
  document.addEventListener("send:failed", release);
  window.addEventListener("pageshow", restore);
}
