/**
 * The beginnings of sentences that the assessor keeps, under the feedback field that they are writing in: a button
 * writes its words there, and what is written can be kept as one more.
 */

const MOST = 200;

/** @param {string} text the first words of it, up to the end of its first line or sentence */
const beginning = (text) => text.trim().split(/\n|(?<=[.!?…:])\s/u)[0].slice(0, MOST).trim();

/**
 * Writes words where the cursor is, with a space where one is needed, as one change.
 * @param {HTMLTextAreaElement} field
 * @param {string} words
 */
function insert(field, words) {
  const at = field.selectionStart;
  const before = field.value.slice(0, at);
  const gap = before && !/\s$/u.test(before) ? " " : "";
  field.focus();
  field.setRangeText(`${gap}${words} `, at, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * @param {HTMLFormElement} form
 * @param {{token: string}} saver
 */
export function wire(form, saver) {
  const found = form.querySelector("[data-stems]");
  const keep = found?.querySelector("[data-keep-stem]");
  const said = found?.querySelector("[data-stems-said]");
  if (!(found instanceof HTMLElement) || !(keep instanceof HTMLButtonElement) || !said) return;
  const bar = found;
  bar.hidden = false;
  const field = () => bar.closest(".block")?.querySelector("textarea") ?? null;

  /** @param {HTMLTextAreaElement} text */
  const move = (text) => {
    const block = text.closest(".block");
    if (!block || block.contains(bar)) return;
    said.textContent = "";
    block.append(bar);
  };
  form.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLTextAreaElement && !event.target.readOnly) move(event.target);
  });
  form.addEventListener("marking:turned", (event) => {
    const text = event instanceof CustomEvent ? event.detail.querySelector("textarea") : null;
    if (text) move(text);
  });
  bar.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-stem]") : null;
    const text = field();
    if (button && text) insert(text, button.textContent ?? "");
  });
  keep.addEventListener("click", async () => {
    const text = field();
    const words = beginning(text?.value.slice(text.selectionStart, text.selectionEnd) || text?.value || "");
    if (!words) return void (said.textContent = "Write something first.");
    const headers = { Accept: "application/json", "X-CSRFToken": saver.token };
    try {
      const body = new URLSearchParams({ words });
      const answer = await fetch(keep.dataset.keepStem ?? "", { method: "POST", headers, body, redirect: "error" });
      const told = await answer.json();
      said.textContent = answer.ok ? `Kept: ${[told.words, told.note].filter(Boolean).join(". ")}` : (told.message ?? "");
      if (!answer.ok) return;
      const button = document.createElement("button");
      button.className = "btn btn-line btn-s";
      button.type = "button";
      button.dataset.stem = "";
      button.textContent = told.words;
      keep.before(button);
    } catch {
      said.textContent = "Not connected: it was not kept.";
    }
  });
}
