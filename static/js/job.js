/** Follows work in the background: asks once a second how far it is, and reloads the page when it begins or ends. */

/** @typedef {{state: string, done: number | null, total: number | null, message: string | null}} Progress */

const SECOND = 1000;

/**
 * @param {Element} place
 * @param {Progress} progress
 */
function show(place, progress) {
  const bar = place.querySelector("progress");
  if (bar && progress.total) {
    bar.max = progress.total;
    bar.value = progress.done ?? 0;
  } else bar?.removeAttribute("value");
  const message = place.querySelector("[data-job-message]");
  if (message && progress.message && message.textContent !== progress.message) message.textContent = progress.message;
}

/** @param {Element} place */
async function follow(place) {
  if (!place.isConnected) return;
  let pause = SECOND;
  try {
    const answer = await fetch(place.getAttribute("data-job-url") ?? "", { headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status === 401 || answer.status === 404) return location.reload();
    if (!answer.ok) throw new Error(answer.statusText);
    /** @type {Progress} */
    const progress = await answer.json();
    if (progress.state !== place.getAttribute("data-job-state")) return location.reload();
    show(place, progress);
  } catch {
    pause = 5 * SECOND;
  }
  setTimeout(follow, pause, place);
}

/** @param {ParentNode} root */
export function wire(root) {
  for (const place of root.querySelectorAll("[data-job-url]")) setTimeout(follow, SECOND, place);
}
