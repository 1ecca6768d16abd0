// One picture with its name: somebody else's, or our own.

import { h, icon } from "./elements.js";

/** `<video-tile>`: events `pin`. Lives in the shadow of a `<video-grid>`, which has its style. */
export class VideoTile extends HTMLElement {
  number = null;
  #t;
  #video = h("video", { playsInline: true, autoplay: true, muted: true });
  #dot = h("span", { className: "dot", hidden: true });
  #name = h("span", { className: "name" });
  #note = h("span", { className: "note" });
  #pin;
  #label = "";

  /** `canPin`: not for our own picture. */
  constructor(t, { canPin = true } = {}) {
    super();
    this.#t = t;
    this.#pin = h("button", { type: "button", className: "pin", hidden: !canPin, ariaPressed: "false",
      onclick: () => this.dispatchEvent(new Event("pin")) }, icon("pin"));
  }

  connectedCallback() {
    if (this.firstChild) return;
    this.setAttribute("role", "group");
    this.append(this.#video, h("p", {}, this.#dot, this.#name, this.#note), this.#pin);
  }

  /** A track for the picture; null for none. */
  set track(track) {
    if (this.#video.srcObject?.getVideoTracks()[0] === track) return;
    this.#video.srcObject = track ? new MediaStream([track]) : null;
    if (track) this.#video.play().catch(() => {});
  }

  set label(name) {
    if (this.#label === name) return;
    this.#label = name;
    this.#name.textContent = name;
    this.setAttribute("aria-label", name);
    this.#namePin();
  }

  /** Whether this one is kept large. */
  set isPinned(isPinned) {
    if (this.#pin.ariaPressed === String(isPinned)) return;
    this.#pin.ariaPressed = String(isPinned);
    this.#namePin();
  }

  #namePin() {
    const name = this.#t(this.#pin.ariaPressed === "true" ? "unpin" : "pin", { name: this.#label });
    this.#pin.title = this.#pin.ariaLabel = name;
  }

  /** Its picture brings nothing new. */
  set stands(stands) {
    this.classList.toggle("stands", stands);
    this.#say();
  }

  set isTalking(isTalking) {
    this.classList.toggle("talks", isTalking);
    this.#say();
  }

  #say() {
    const word = ["stands", "talks"].find((name) => this.classList.contains(name));
    const text = word ? this.#t(word === "stands" ? "stands" : "talking") : "";
    if (this.#note.textContent !== text) this.#note.textContent = text;
  }

  /** "good", "fair", "poor", or null. */
  set quality(quality) {
    this.#dot.hidden = quality === null;
    if (quality === null || this.#dot.dataset.quality === quality) return;
    this.#dot.dataset.quality = quality;
    this.#dot.setAttribute("role", "img");
    this.#dot.title = this.#dot.ariaLabel = this.#t(quality);
  }
}

customElements.define("video-tile", VideoTile);
