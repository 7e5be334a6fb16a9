/**
 * Choosing units: after each tick the server is asked what the rules say to the choice, through the page's own form and
 * its “Check” button. Nothing is saved by it.
 */

const PATIENCE_MS = 250;

/** @param {ParentNode} root */
export function wire(root) {
  for (const units of root.querySelectorAll("[data-choosing]")) {
    const form = units.closest("form");
    if (form instanceof HTMLFormElement && !form.dataset.choosingWired) {
      form.dataset.choosingWired = "yes";
      watch(form);
    }
  }
}

/** @param {HTMLFormElement} form */
function watch(form) {
  let timer = 0;
  let latest = 0;
  form.addEventListener("change", () => {
    window.clearTimeout(timer);
    const mine = ++latest;
    timer = window.setTimeout(async () => {
      const page = await checked(form);
      if (page && mine === latest) show(page, form);
    }, PATIENCE_MS);
  });
}

/**
 * The page that the form's “Check” button would lead to, or nothing when it cannot be had.
 * @param {HTMLFormElement} form
 * @returns {Promise<Document | null>}
 */
async function checked(form) {
  const body = new FormData(form);
  body.set("step", "check");
  try {
    const answer = await fetch(window.location.href, { method: "POST", body, headers: { Accept: "text/html" } });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}

/**
 * @param {Document} page
 * @param {HTMLFormElement} form
 */
function show(page, form) {
  for (const part of form.querySelectorAll("[data-choosing-part]")) {
    const fresh = page.querySelector(`[data-choosing-part="${part.getAttribute("data-choosing-part")}"]`);
    if (fresh) part.replaceChildren(...fresh.childNodes);
  }
}
