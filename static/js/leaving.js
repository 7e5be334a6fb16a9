/** Warns before a form marked with data-guard is left with changes that were neither sent nor kept as typed. */

/** @param {HTMLFormElement} form */
function content(form) {
  const entries = [...new FormData(form)];
  return JSON.stringify(entries.map(([name, value]) => [name, value instanceof File ? [value.name, value.size] : value]));
}

/** @param {ParentNode} root */
export function wire(root) {
  for (const form of root.querySelectorAll("form[data-guard]")) {
    if (!(form instanceof HTMLFormElement) || form.querySelector("[data-autosave]")) continue;
    const sent = form.dataset.guard === "changed" ? null : content(form);
    let leaving = false;
    form.addEventListener("submit", () => (leaving = true));
    form.addEventListener("send:failed", () => (leaving = false));
    window.addEventListener("beforeunload", (event) => {
      if (form.isConnected && !leaving && content(form) !== sent) event.preventDefault();
    });
  }
}
