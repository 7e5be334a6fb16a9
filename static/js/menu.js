/** Closes the phone menu on Escape, on a touch beside it, and when the focus leaves it. */

/** @param {ParentNode} root */
export function wire(root) {
  const menu = root.querySelector("details[data-menu]");
  if (!(menu instanceof HTMLDetailsElement)) return;
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
}
