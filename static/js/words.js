/** Counts the words of a text as it is written. */

/** @param {string} text */
function count(text) {
  const words = text.trim().split(/\s+/u).filter(Boolean).length;
  return words === 1 ? "1 word" : `${words} words`;
}

/** @param {ParentNode} root */
export function wire(root) {
  for (const area of root.querySelectorAll("textarea[data-count]")) {
    const output = document.getElementById(`${area.id}-count`);
    if (!(area instanceof HTMLTextAreaElement) || !output) continue;
    const refresh = () => (output.textContent = count(area.value));
    area.addEventListener("input", refresh);
    refresh();
    output.hidden = false;
  }
}
