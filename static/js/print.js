/** A button that prints the page; without a script the browser's own menu does. */

/** @param {ParentNode} root */
export function wire(root) {
  for (const button of root.querySelectorAll("button[data-print]")) {
    if (!(button instanceof HTMLButtonElement)) continue;
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
