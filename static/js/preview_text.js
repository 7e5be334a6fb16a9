/**
 * Shows a text as it will read while it is written: [data-preview-of] names the field, data-url reads the text.
 * Beside the text where there is room for both; elsewhere [data-preview-toggle] changes between the two.
 */

const PAUSE = 400;

/**
 * @param {HTMLElement} place
 * @param {HTMLTextAreaElement} area
 */
function follow(place, area) {
  const out = place.querySelector("[data-preview-out]");
  const note = place.querySelector("[data-preview-note]");
  const title = place.querySelector("[data-preview-title]");
  const titleField = area.form?.elements.namedItem("title");
  const token = area.form?.elements.namedItem("csrf_token");
  if (!(out instanceof HTMLElement) || !(note instanceof HTMLElement) || !(token instanceof HTMLInputElement)) return;
  let asked = new AbortController();
  let timer = 0;

  const refresh = async () => {
    asked.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(place.dataset.url ?? "", {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams({ csrf_token: token.value, text: area.value }),
        signal: asked.signal,
      });
      if (!answer.ok) throw new Error(answer.statusText);
      const said = await answer.json();
      out.replaceChildren(...new DOMParser().parseFromString(said.html, "text/html").body.childNodes);
      note.textContent = area.value.trim() ? "As it will read" : "Nothing written yet";
    } catch (error) {
      const isOvertaken = error instanceof DOMException && error.name === "AbortError";
      if (!isOvertaken) note.textContent = "Waiting for the connection";
    }
  };
  const name = () => {
    if (!title || !(titleField instanceof HTMLInputElement)) return;
    title.textContent = titleField.value.trim() || "Without a title so far";
  };
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(refresh, PAUSE);
  });
  if (titleField instanceof HTMLElement) titleField.addEventListener("input", name);
  name();
  refresh();
}

/** @param {ParentNode} root */
export function wire(root) {
  for (const place of root.querySelectorAll("[data-preview-of]")) {
    const area = document.getElementById(place.getAttribute("data-preview-of") ?? "");
    const desk = place.closest("[data-desk]");
    const toggle = root.querySelector("[data-preview-toggle]");
    if (!(place instanceof HTMLElement) || !(area instanceof HTMLTextAreaElement) || !desk) continue;
    place.hidden = false;
    desk.classList.add("is-live");
    follow(place, area);
    for (const plain of root.querySelectorAll("[data-preview-plain]")) plain.remove();
    if (!(toggle instanceof HTMLButtonElement)) continue;
    const word = toggle.querySelector("[data-preview-word]");
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      const isShown = desk.classList.toggle("is-previewing");
      if (word) word.textContent = isShown ? "Write on" : "Preview";
      if (isShown) place.scrollIntoView({ block: "start" });
      else area.focus();
    });
  }
}
