/** The mapping page: finds criteria as one types, shows only some of them, and counts the ticks. `/` goes to the search. */

/**
 * @param {Element} list
 * @returns {HTMLElement[]}
 */
const rows = (list) => [...list.querySelectorAll("li[data-kind]")].filter((row) => row instanceof HTMLElement);

/** @param {Element} row */
const isTicked = (row) => row.querySelector("input[type=checkbox]:checked") !== null;

/** @param {Element} row */
const words = (row) => (row.querySelector(".crit-row")?.textContent ?? "").toLowerCase();

/**
 * Hides a heading when everything under it is hidden.
 * @param {Element} list
 */
function foldHeadings(list) {
  for (const heading of list.querySelectorAll("li.lo")) {
    if (!(heading instanceof HTMLElement)) continue;
    let shown = false;
    for (let row = heading.nextElementSibling; row && !row.matches(".lo"); row = row.nextElementSibling) {
      if (row instanceof HTMLElement && !row.hidden) shown = true;
    }
    heading.hidden = !shown;
  }
}

/**
 * @param {Element} list
 * @param {string} text
 * @param {string} only
 */
function filter(list, text, only) {
  const wanted = text.toLowerCase().split(/\s+/u).filter(Boolean);
  let shown = 0;
  for (const row of rows(list)) {
    const fits = only === "" || (only === "ticked" ? isTicked(row) : row.dataset.kind === only);
    row.hidden = !fits || !wanted.every((word) => words(row).includes(word));
    if (!row.hidden) shown += 1;
  }
  foldHeadings(list);
  const none = list.querySelector("[data-none]");
  if (none instanceof HTMLElement) none.hidden = shown > 0;
}

/** @param {ParentNode} root */
export function wire(root) {
  const list = root.querySelector("[data-map]");
  const tools = root.querySelector("[data-map-tools]");
  const count = root.querySelector("[data-ticked]");
  const search = tools?.querySelector("input");
  const only = tools?.querySelector("select");
  if (!list || !(tools instanceof HTMLElement) || !search || !only) return;
  tools.hidden = false;
  const refresh = () => filter(list, search.value, only.value);
  search.addEventListener("input", refresh);
  only.addEventListener("change", refresh);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  list.addEventListener("change", (event) => {
    if (!(event.target instanceof HTMLInputElement) || event.target.type !== "checkbox" || !count) return;
    const all = rows(list);
    count.textContent = `${all.filter(isTicked).length} of ${all.length} ticked`;
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !search.isConnected) return;
    if (typing && !(event.target instanceof HTMLInputElement && event.target.type === "checkbox")) return;
    event.preventDefault();
    search.focus();
  });
}
