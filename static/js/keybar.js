/** The line that says which keys a page has, and the switch that turns them off in this browser. */

const KEYS = "keys";

export function keysAreOff() {
  try {
    return localStorage.getItem(KEYS) === "off";
  } catch {
    return false;
  }
}

/** @param {ParentNode} root */
export function wireKeybar(root) {
  const bar = root.querySelector("[data-keybar]");
  const change = bar?.querySelector("[data-keys-switch]");
  if (!(bar instanceof HTMLElement) || !change) return;
  bar.hidden = false;
  const tell = () => {
    change.textContent = keysAreOff() ? "Turn these keys on" : "Turn these keys off";
    bar.classList.toggle("is-off", keysAreOff());
  };
  change.addEventListener("click", () => {
    try {
      localStorage.setItem(KEYS, keysAreOff() ? "on" : "off");
    } catch {
      // a browser that keeps nothing leaves them on
    }
    tell();
  });
  tell();
}
