/** Moves the focus to the summary of errors, so that it is read first. */

/** @param {ParentNode} root */
export function wire(root) {
  const summary = root.querySelector("[data-errors]");
  if (summary instanceof HTMLElement) summary.focus();
}
