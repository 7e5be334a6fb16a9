/**
 * Lets a place for files take dropped and pasted files too, and shows each with its size and a way out.
 * A place that names an address sends each file ahead (see upload.js); any other keeps them for its form.
 */
import { sender } from "./upload.js";
import { line, size } from "./fileline.js";
import * as memo from "./memo.js";

/**
 * @param {HTMLInputElement} input
 * @param {File[]} files
 */
function choose(input, files) {
  const kept = new DataTransfer();
  for (const file of input.multiple ? files : files.slice(-1)) kept.items.add(file);
  input.files = kept.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * Keeps the chosen files in the input until the form is sent.
 * @param {HTMLInputElement} input
 * @param {HTMLElement} list
 */
function keeper(input, list) {
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    list.replaceChildren(
      ...files.map((file) => {
        const { item, remove, result } = line(file.name);
        result.textContent = size(file.size);
        remove.addEventListener("click", () => {
          choose(input, [...(input.files ?? [])].filter((other) => other !== file));
          input.focus();
        });
        return item;
      }),
    );
    list.hidden = files.length === 0;
  });
  /** @param {Iterable<File>} files */
  return (files) => choose(input, [...(input.files ?? []), ...files]);
}

/**
 * @param {HTMLElement} zone
 * @param {HTMLInputElement} input
 * @param {HTMLElement} list
 */
function wireSending(zone, input, list) {
  const add = sender(zone, input, list);
  for (const each of [input, ...zone.querySelectorAll("[data-capture-input]")]) {
    if (!(each instanceof HTMLInputElement)) continue;
    each.addEventListener("change", () => {
      add([...(each.files ?? [])]);
      each.value = "";
    });
  }
  const ways = zone.querySelector("[data-drop-ways]");
  const capture = zone.querySelector("[data-capture]");
  if (ways instanceof HTMLElement) ways.hidden = false;
  if (capture instanceof HTMLElement) capture.hidden = !window.matchMedia("(pointer: coarse)").matches;
  memo.wire(zone, add);
  return add;
}

/** @param {ParentNode} root */
export function wire(root) {
  for (const zone of root.querySelectorAll("[data-drop]")) {
    const input = zone.querySelector("input[type=file]");
    const list = zone.parentElement?.querySelector("[data-drop-list]");
    if (!(zone instanceof HTMLElement && input instanceof HTMLInputElement && list instanceof HTMLElement)) continue;
    const add = zone.dataset.sendUrl ? wireSending(zone, input, list) : keeper(input, list);
    /** @param {boolean} over */
    const mark = (over) => zone.classList.toggle("over", over);

    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      mark(true);
    });
    zone.addEventListener("dragleave", () => mark(false));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      mark(false);
      if (event.dataTransfer?.files.length) add([...event.dataTransfer.files]);
    });
    input.form?.addEventListener("paste", (event) => {
      if (!event.clipboardData?.files.length) return;
      event.preventDefault();
      add([...event.clipboardData.files]);
    });
  }
}
