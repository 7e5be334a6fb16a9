/** Follows the making of previews, asks for those that nobody asked for yet, and shows each in its place when it is there. */
import * as player from "./player.js";

const SECOND = 1000;
const LONGEST = 8 * SECOND;

/** @param {Element} place */
async function ask(place) {
  const form = place.querySelector("form");
  if (!form) return;
  await fetch(form.action, { method: "POST", body: new FormData(form) });
}

/** @param {Element} place */
async function showResult(place) {
  const frame = place.closest("[data-preview]");
  const answer = await fetch(place.getAttribute("data-preview-page") ?? "");
  if (!frame || !answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const made = page.querySelector("[data-preview]");
  if (!made) return;
  const shown = document.adoptNode(made);
  frame.replaceWith(shown);
  wire(shown);
  player.wire(shown);
  document.dispatchEvent(new Event("preview:shown"));
}

/**
 * @param {Element} place
 * @param {number} pause
 */
async function follow(place, pause) {
  if (!place.isConnected) return;
  try {
    const answer = await fetch(place.getAttribute("data-preview-url") ?? "", { headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status === 401 || answer.status === 404) return;
    /** @type {{state: string}} */
    const { state } = await answer.json();
    if (state === "ready" || state === "none") return await showResult(place);
  } catch {
    pause = LONGEST;
  }
  setTimeout(follow, pause, place, Math.min(LONGEST, pause * 1.3));
}

/** @param {Element} place */
async function begin(place) {
  if (place.getAttribute("data-preview-state") === "missing") {
    const words = place.querySelector(".state");
    if (words?.lastChild) words.lastChild.textContent = "A preview is being made";
    const form = place.querySelector("form");
    try {
      await ask(place);
      form?.remove();
    } catch {
      return;
    }
  }
  setTimeout(follow, SECOND, place, SECOND);
}

/** @param {ParentNode} root */
export function wire(root) {
  for (const place of root.querySelectorAll("[data-preview-state]")) {
    const folded = place.closest("details:not([open])");
    if (folded) folded.addEventListener("toggle", () => begin(place), { once: true });
    else begin(place);
  }
}
