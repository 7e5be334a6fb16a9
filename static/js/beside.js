/** What stands beside a text: the prompts of the unit that one chooses, and how many criteria are ticked. */

/**
 * @param {HTMLSelectElement} select
 * @param {HTMLElement} place
 */
function changePrompts(select, place) {
  const note = document.querySelector("[data-unit-note]");
  select.addEventListener("change", async () => {
    const url = new URL(location.href);
    url.searchParams.set("unit", select.value);
    url.searchParams.delete("criterion");
    place.setAttribute("aria-busy", "true");
    if (note) note.textContent = "";
    try {
      const answer = await fetch(url, { redirect: "error" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector("[data-prompts]");
      if (!answer.ok || !found) throw new Error(answer.statusText);
      place.replaceChildren(...found.childNodes);
    } catch {
      if (note) note.textContent = "These are still the prompts of before: there is no connection.";
    }
    place.removeAttribute("aria-busy");
  });
}

/** @param {HTMLElement} list */
function countTicks(list) {
  const output = list.querySelector("[data-ticked]");
  if (!output) return;
  list.addEventListener("change", () => {
    output.textContent = `${list.querySelectorAll("input:checked").length} ticked`;
  });
}

/** @param {ParentNode} root */
export function wire(root) {
  for (const button of root.querySelectorAll("[data-unit-plain]")) button.remove();
  const select = root.querySelector("select[data-unit]");
  const place = root.querySelector("[data-prompts]");
  if (select instanceof HTMLSelectElement && place instanceof HTMLElement) changePrompts(select, place);
  const list = root.querySelector("[data-ticks]");
  if (list instanceof HTMLElement) countTicks(list);
}
