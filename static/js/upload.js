/**
 * Sends a form with files by XMLHttpRequest so that its progress can be seen, then shows the answer in place.
 * The answer is a whole page of ours: its main part, title and notices take the place of the present ones.
 */

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

/** @param {HTMLFormElement} form */
function progressLine(form) {
  const place = document.createElement("div");
  place.className = "job form-sending";
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", "Sending");
  const words = document.createElement("p");
  words.className = "small muted num";
  words.setAttribute("role", "status");
  words.textContent = "Sending your files";
  place.append(bar, words);
  form.append(place);
  /** @param {ProgressEvent} event */
  const advance = (event) => {
    if (!event.lengthComputable) return;
    bar.max = event.total;
    bar.value = event.loaded;
    bar.textContent = `${Math.round((100 * event.loaded) / event.total)} %`;
    const all = event.loaded === event.total;
    words.textContent = all
      ? "Sent. Checking your files"
      : `${megabytes(event.loaded)} of ${megabytes(event.total)} MB sent`;
  };
  return { place, advance };
}

const here = () => location.pathname + location.search;

let shown = here();

/**
 * @param {string} html
 * @param {string} url
 */
function show(html, url) {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (url !== location.href) history.pushState(null, "", url);
  shown = here();
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  window.scrollTo(0, 0);
  document.getElementById("main")?.focus();
  document.dispatchEvent(new Event("page:shown"));
}

/** @param {HTMLFormElement} form */
function explain(form) {
  const message = document.createElement("p");
  message.className = "msg-bad form-sending";
  message.setAttribute("role", "alert");
  message.textContent = "The connection was lost before everything had arrived. Nothing was added. Please try again.";
  form.append(message);
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
function send(form, submitter) {
  form.querySelector(".msg-bad.form-sending")?.remove();
  const { place, advance } = progressLine(form);
  const request = new XMLHttpRequest();
  request.open("POST", form.getAttribute("action") ?? location.href);
  request.upload.addEventListener("progress", advance);
  request.addEventListener("load", () => show(request.responseText, request.responseURL));
  request.addEventListener("error", () => {
    place.remove();
    explain(form);
    form.dispatchEvent(new Event("send:failed", { bubbles: true }));
  });
  request.send(new FormData(form, submitter));
}

/** @param {ParentNode} root */
export function wire(root) {
  for (const form of root.querySelectorAll("form[data-upload]")) {
    if (!(form instanceof HTMLFormElement)) continue;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form, event.submitter);
    });
  }
}

window.addEventListener("popstate", () => {
  if (here() !== shown) location.reload();
});
