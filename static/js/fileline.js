/** One line in a list of files: its name, what became of it, and a way out. */

const UNITS = ["KB", "MB", "GB"];

/**
 * A number of bytes in the words that the server uses too.
 * @param {number} bytes
 */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  const step = Math.min(Math.floor(Math.log(bytes) / Math.log(1024)), UNITS.length);
  const amount = (bytes / 1024 ** step).toFixed(step === 1 ? 0 : 1);
  return `${amount.replace(/\.0$/, "")} ${UNITS[step - 1]}`;
}

/**
 * A small button whose name says which file it is about.
 * @param {string} label
 * @param {string} name
 */
export function fileButton(label, name) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn-text";
  button.textContent = label;
  const which = document.createElement("span");
  which.className = "visually-hidden";
  which.textContent = ` ${name}`;
  button.append(which);
  return button;
}

/** @param {string} fileName */
export function line(fileName) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = fileName;
  const result = document.createElement("p");
  result.className = "res small muted num";
  const remove = fileButton("Remove", fileName);
  item.append(name, remove, result);
  return { item, remove, result };
}
