/** Says on the button of the queue how many items are chosen to be released together. */

/** @param {ParentNode} root */
export function wire(root) {
  const button = root.querySelector("button[data-together-words]");
  const boxes = [...root.querySelectorAll("input[data-together]")];
  if (!(button instanceof HTMLButtonElement) || !boxes.length) return;
  const count = () => {
    const chosen = boxes.filter((box) => box instanceof HTMLInputElement && box.checked).length;
    button.textContent = `${button.dataset.togetherWords} ${chosen}`;
    button.disabled = chosen === 0;
  };
  for (const box of boxes) box.addEventListener("change", count);
  window.addEventListener("pageshow", count);
  count();
}
