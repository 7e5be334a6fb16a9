/** Shows the button that dismisses a notice. */

/** @param {ParentNode} root */
export function wire(root) {
  for (const button of root.querySelectorAll("button[data-dismiss]")) {
    if (!(button instanceof HTMLButtonElement)) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      button.closest(".flash")?.remove();
      document.getElementById("main")?.focus();
    });
  }
}
