/**
 * How far in a discussion is: by a recording on the page, or by a clock that one starts, and that a recording which is
 * made in the page starts too. What the clock shows is kept with the form, so that a page which is opened again goes on.
 */

const TICK_MS = 500;
const ICONS = { on: "bi bi-stop-fill", off: "bi bi-play-fill" };

/** @param {number} seconds */
export function farIn(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  if (whole >= 3600) parts.unshift(Math.floor(whole / 3600));
  return parts.map((part, index) => String(part).padStart(index ? 2 : 1, "0")).join(":");
}

/** Kept as `on-` with the moment of its beginning, or as `off-` with how long it ran, in milliseconds. */
class Clock {
  /**
   * @param {HTMLElement} place
   * @param {HTMLInputElement} kept
   */
  constructor(place, kept) {
    this.place = place;
    this.kept = kept;
    place.querySelector("[data-clock-toggle]")?.addEventListener("click", () => this.turn(!this.isOn));
    kept.addEventListener("change", () => this.show());
    window.setInterval(() => this.isOn && this.show(), TICK_MS);
    this.show();
  }

  get isOn() {
    return this.kept.value.startsWith("on-");
  }

  get seconds() {
    const number = Number(this.kept.value.split("-")[1] ?? 0);
    return (this.isOn ? Date.now() - number : number) / 1000;
  }

  /**
   * @param {boolean} on
   * @param {boolean} [again] whether it begins at nothing
   */
  turn(on, again = false) {
    const run = again ? 0 : Math.round(this.seconds * 1000);
    this.kept.value = on ? `on-${Date.now() - run}` : `off-${run}`;
    this.kept.dispatchEvent(new Event("change", { bubbles: true }));
  }

  show() {
    const time = this.place.querySelector("[data-clock-time]");
    const word = this.place.querySelector("[data-clock-word]");
    const icon = this.place.querySelector("[data-clock-icon]");
    const now = farIn(this.seconds);
    if (time && time.textContent !== now) time.textContent = now;
    const said = this.isOn ? "Stop the clock" : this.seconds ? "Continue the clock" : "Start the clock";
    if (word && word.textContent !== said) word.textContent = said;
    if (icon) icon.className = this.isOn ? ICONS.on : ICONS.off;
  }
}

/**
 * @param {HTMLElement} section
 * @param {HTMLFormElement} form
 * @returns {() => string} how far in it is, as it is written
 */
export function wireClock(section, form) {
  const place = section.querySelector("[data-lines-clock]");
  const kept = form.elements.namedItem("began");
  if (!(place instanceof HTMLElement) || !(kept instanceof HTMLInputElement)) return () => "";
  place.hidden = false;
  const clock = new Clock(place, kept);
  form.addEventListener("memo:started", () => clock.turn(true, true));
  form.addEventListener("memo:stopped", () => clock.turn(false));
  return () => {
    const media = [...form.querySelectorAll("audio, video")].filter((one) => one instanceof HTMLMediaElement);
    const playing = media.find((one) => !one.paused) ?? media.find((one) => one.currentTime > 0);
    if (playing && !clock.isOn) return farIn(playing.currentTime);
    if (!clock.isOn && !clock.seconds) clock.turn(true);
    return farIn(clock.seconds);
  };
}
