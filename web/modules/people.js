// How a person and a span of time are shown.

import { h, setText } from "./dom.js";

/** Up to two letters for a name. */
export function initials(name) {
  const words = name.replace(/^sips?:/, "").split(/[\s@._-]+/).filter(Boolean);
  const letters = words.length > 1 && !/^\d/.test(words[1]) ? words[0][0] + words[1][0] : (words[0] ?? "?").slice(0, 2);
  return letters.toUpperCase();
}

/** The same name has the same hue everywhere. */
export function hue(name) {
  let hash = 7;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)) % 3600;
  return hash / 10;
}

/** The circle with a person's letters. */
export function face(name) {
  const element = h("span", { class: "face", "aria-hidden": "true" });
  setFace(element, name);
  return element;
}

export function setFace(element, name) {
  setText(element, initials(name));
  element.style.setProperty("--hue", hue(name).toFixed(1));
}

/** The three moving bars of one who talks. */
export function bars() {
  return h("span", { class: "bars", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
}

/** How loud one is: `showLevel` fills it. */
export function levelBar() {
  return h("span", { class: "level", "aria-hidden": "true" }, h("i"));
}

/** `level` in dBFS; what is below −60 counts as silence. */
export function showLevel(bar, level) {
  const share = level === undefined ? 0 : Math.min(1, Math.max(0, (level + 60) / 60));
  bar.style.setProperty("--level", share.toFixed(2));
}

/** `sip:3000@host` without its scheme. */
export function shortAddress(uri) { return uri.replace(/^sips?:/, ""); }

/** The user of an address, where the whole is told elsewhere: `sip:3000@host` as `3000`. */
export function userOf(uri) { return shortAddress(uri).split(/[@;?]/)[0] || shortAddress(uri); }

/** Seconds as 1:05 or 1:02:05. */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** `<time-since since="…" until="…">`: how long something lasts, or lasted. */
class TimeSince extends HTMLElement {
  static observedAttributes = ["since", "until"];
  #timer = null;

  connectedCallback() {
    this.classList.add("numbers");
    this.#timer = setInterval(() => this.#show(), 1000);
    this.#show();
  }

  disconnectedCallback() { clearInterval(this.#timer); }
  attributeChangedCallback() { this.#show(); }

  #show() {
    const since = Date.parse(this.getAttribute("since"));
    const until = Date.parse(this.getAttribute("until") ?? "") || Date.now();
    setText(this, Number.isNaN(since) ? "" : duration((until - since) / 1000));
  }
}

customElements.define("time-since", TimeSince);
