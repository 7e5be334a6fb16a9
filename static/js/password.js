/** Shows or hides what was typed into a password field; always hidden again before the form is sent. */

/** @param {ParentNode} root */
export function wire(root) {
  for (const button of root.querySelectorAll("button[data-reveal]")) {
    const field = document.getElementById(button.getAttribute("aria-controls") ?? "");
    const word = button.querySelector("[data-reveal-word]");
    if (!(button instanceof HTMLButtonElement) || !(field instanceof HTMLInputElement) || !word) continue;
    /** @param {boolean} visible */
    const show = (visible) => {
      field.type = visible ? "text" : "password";
      word.textContent = visible ? "Hide" : "Show";
    };
    button.hidden = false;
    button.addEventListener("click", () => show(field.type === "password"));
    field.form?.addEventListener("submit", () => show(false));
  }
}
