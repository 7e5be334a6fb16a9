/** Lets a file input take dropped and pasted files, and lists what was chosen, each with its size and a way out. */

/** @param {number} bytes */
function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e6) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

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
 * @param {HTMLInputElement} input
 * @param {File} file
 */
function line(input, file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = file.name;
  const result = document.createElement("p");
  result.className = "res small muted num";
  result.textContent = size(file.size);
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "btn-text";
  remove.textContent = "Remove";
  const which = document.createElement("span");
  which.className = "visually-hidden";
  which.textContent = ` ${file.name}`;
  remove.append(which);
  remove.addEventListener("click", () => {
    choose(input, [...(input.files ?? [])].filter((other) => other !== file));
    input.focus();
  });
  item.append(name, remove, result);
  return item;
}

/** @param {ParentNode} root */
export function wire(root) {
  for (const zone of root.querySelectorAll("[data-drop]")) {
    const input = zone.querySelector("input[type=file]");
    const list = zone.parentElement?.querySelector("[data-drop-list]");
    if (!(input instanceof HTMLInputElement) || !(list instanceof HTMLElement)) continue;

    /** @param {FileList} files */
    const add = (files) => choose(input, [...(input.files ?? []), ...files]);
    /** @param {boolean} over */
    const mark = (over) => zone.classList.toggle("over", over);

    input.addEventListener("change", () => {
      const files = [...(input.files ?? [])];
      list.replaceChildren(...files.map((file) => line(input, file)));
      list.hidden = files.length === 0;
    });
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      mark(true);
    });
    zone.addEventListener("dragleave", () => mark(false));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      mark(false);
      if (event instanceof DragEvent && event.dataTransfer?.files.length) add(event.dataTransfer.files);
    });
    input.form?.addEventListener("paste", (event) => {
      if (!event.clipboardData?.files.length) return;
      event.preventDefault();
      add(event.clipboardData.files);
    });
  }
}
