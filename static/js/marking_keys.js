/**
 * The keys of the marking page. Single keys do nothing while somebody writes in a field, while the dialog is open, or
 * when this browser has them switched off; Ctrl+Enter and Escape work in a field too.
 */

/** @typedef {Record<string, () => void>} Actions by key, in lower case; `release` and `escape` for the two others */

const OFF = "marking-keys-off";
const WRITTEN = new Set(["checkbox", "radio", "button", "submit", "reset", "range", "color"]);

/** @param {EventTarget | null} target */
function isWriting(target) {
  if (target instanceof HTMLInputElement) return !WRITTEN.has(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

const areOn = () => {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return true;
  }
};

/** @param {HTMLDialogElement} dialog */
function wireDialog(dialog) {
  const box = dialog.querySelector("[data-keys-on]");
  dialog.querySelector("[data-keys-close]")?.addEventListener("click", () => dialog.close());
  if (!(box instanceof HTMLInputElement)) return;
  box.checked = areOn();
  box.addEventListener("change", () => {
    try {
      if (box.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "yes");
    } catch {
      box.checked = true;
    }
    document.body.toggleAttribute("data-keys-off", !areOn());
  });
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {Actions} actions
 */
export function wire(dialog, actions) {
  wireDialog(dialog);
  document.body.toggleAttribute("data-keys-off", !areOn());
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-keys-open]")) dialog.showModal();
  });
  document.addEventListener("keydown", (event) => {
    if (dialog.open || event.altKey || event.defaultPrevented) return;
    const isHeld = event.ctrlKey || event.metaKey;
    if (isHeld && event.key === "Enter") {
      event.preventDefault();
      if (!event.repeat) actions.release();
    } else if (isHeld) {
      return;
    } else if (isWriting(event.target)) {
      if (event.key === "Escape") actions.escape();
    } else if (areOn() && event.key === "?") {
      event.preventDefault();
      dialog.showModal();
    } else if (areOn() && event.key.toLowerCase() in actions && event.key.length === 1) {
      event.preventDefault();
      if (!event.repeat || "jk".includes(event.key.toLowerCase())) actions[event.key.toLowerCase()]();
    }
  });
}
