/** Says that somebody is at this item, as long as the page is to be seen, and shows who else is. */

const FIRST = 2_000;
const AGAIN = 45_000;
const AGREE = "Agree between you who releases; only one review can be.";

/**
 * @param {Element | null} place
 * @param {string[]} others
 */
function show(place, others) {
  if (!(place instanceof HTMLElement)) return;
  place.hidden = others.length === 0;
  const strong = document.createElement("strong");
  strong.textContent = `${others.join(". ")}.`;
  if (others.length && place.textContent !== `${strong.textContent} ${AGREE}`) place.replaceChildren(strong, ` ${AGREE}`);
}

/**
 * @param {string} url
 * @param {() => string} token
 * @param {Element | null} place
 * @returns {() => void} ends it
 */
export function stay(url, token, place) {
  let timer = 0;
  const beat = async () => {
    if (document.visibilityState === "visible") {
      try {
        const headers = { Accept: "application/json", "X-CSRFToken": token() };
        const answer = await fetch(url, { method: "POST", headers, redirect: "error" });
        if (answer.ok) show(place, (await answer.json()).others);
        else if (answer.status !== 400 && answer.status !== 401 && answer.status < 500) return;
      } catch {
        // without a connection nobody is told; the next beat may get through
      }
    }
    timer = window.setTimeout(beat, AGAIN);
  };
  timer = window.setTimeout(beat, FIRST);
  return () => clearTimeout(timer);
}
