// The wave form of a recording, with who speaks when, and a place in it that pointer and keyboard move.

import { duration, hue } from "../modules/people.js";
import { h, setAttribute } from "../modules/dom.js";

const waveHeight = 96;
const laneHeight = 10;
/** How many times larger than it is a soft sound is drawn at the most. */
const quietest = 8;
const steps = { ArrowLeft: -5, ArrowRight: 5, ArrowDown: -5, ArrowUp: 5, PageDown: -30, PageUp: 30 };

/** The colour of a party, the same in the lanes and beside its name; `--face-ink` is dark where the page is light. */
export function setColour(element, party) { element.style.setProperty("--hue", hue(party).toFixed(1)); }

/**
 * `<wave-form>`: tells by the event `seek` (detail: seconds) where somebody wants to listen.
 * Properties: `label`, `spoken(time, length)` for people who do not see it.
 */
export class WaveForm extends HTMLElement {
  #canvas = h("canvas", { "aria-hidden": "true" });
  #length = 0;
  #time = 0;
  #peaks = null;
  #gain = 1;
  #lanes = [];
  #gaps = [];
  #watcher = new ResizeObserver(() => this.#draw());
  #scheme = matchMedia("(prefers-color-scheme: dark)");
  #redraw = () => this.#draw();

  connectedCallback() {
    this.append(this.#canvas);
    setAttribute(this, "role", "slider");
    setAttribute(this, "tabindex", "0");
    setAttribute(this, "aria-valuemin", "0");
    this.addEventListener("pointerdown", this.#point);
    this.addEventListener("pointermove", this.#drag);
    this.addEventListener("keydown", this.#key);
    this.#watcher.observe(this);
    this.#scheme.addEventListener("change", this.#redraw);
  }

  disconnectedCallback() {
    this.#watcher.disconnect();
    this.#scheme.removeEventListener("change", this.#redraw);
  }

  spoken = (time, length) => `${time} / ${length}`;

  /** `lanes`: for each party its intervals; `gaps`: what nothing was recorded of. */
  show({ length, lanes, gaps }) {
    this.#length = length;
    this.#lanes = lanes;
    this.#gaps = gaps;
    this.peaks = null;
    setAttribute(this, "aria-valuemax", Math.floor(length));
    this.time = 0;
  }

  /** The content of `peaks.json`, as the program audiowaveform writes it; null if there is none. */
  set peaks(peaks) {
    this.#peaks = peaks?.data?.length ? peaks : null;
    // A soft call is to be seen as well.
    const loudest = this.#peaks?.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1) ?? 128;
    this.#gain = Math.min(quietest, 128 / loudest);
    setAttribute(this, "data-drawn", this.#peaks !== null);
    this.#draw();
  }

  set time(seconds) {
    this.#time = seconds;
    setAttribute(this, "aria-valuenow", Math.floor(seconds));
    setAttribute(this, "aria-valuetext", this.spoken(duration(seconds), duration(this.#length)));
    this.#draw();
  }

  #seek(seconds) {
    const place = Math.min(Math.max(0, seconds), this.#length);
    this.dispatchEvent(new CustomEvent("seek", { detail: place }));
  }

  #point = (event) => {
    if (event.button !== 0 || !this.#length) return;
    this.setPointerCapture(event.pointerId);
    this.#seekTo(event);
  };

  #drag = (event) => {
    if (this.hasPointerCapture(event.pointerId)) this.#seekTo(event);
  };

  #seekTo(event) {
    const box = this.#canvas.getBoundingClientRect();
    if (box.width > 0) this.#seek((event.clientX - box.left) / box.width * this.#length);
  }

  #key = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in steps) this.#seek(this.#time + steps[event.key]);
    else if (event.key === "Home") this.#seek(0);
    else if (event.key === "End") this.#seek(this.#length);
    else return;
    event.preventDefault();
  };

  #draw() {
    const width = this.clientWidth;
    if (!this.isConnected || width === 0) return;
    const height = waveHeight + laneHeight * this.#lanes.length + 4;
    const scale = devicePixelRatio || 1;
    const canvas = this.#canvas;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    const style = getComputedStyle(this);
    const colour = (name) => style.getPropertyValue(name).trim();
    const place = (seconds) => this.#length > 0 ? seconds / this.#length * width : 0;
    context.fillStyle = colour("--sunk");
    for (const { at, to } of this.#gaps) context.fillRect(place(at), 0, Math.max(1, place(to) - place(at)), waveHeight);
    this.#drawWave(context, width, place(this.#time), colour("--accent"), colour("--edge"));
    const isDark = this.#scheme.matches;
    this.#lanes.forEach(({ party, intervals }, index) => {
      context.fillStyle = `hsl(${hue(party)} 55% ${isDark ? 62 : 42}%)`;
      const top = waveHeight + 4 + index * laneHeight;
      for (const { at, to } of intervals) {
        context.fillRect(place(at), top, Math.max(1.5, place(to) - place(at)), laneHeight - 4);
      }
    });
    context.fillStyle = colour("--ink");
    context.fillRect(Math.min(width - 2, Math.max(0, place(this.#time) - 1)), 0, 2, height);
  }

  #drawWave(context, width, played, accent, edge) {
    const middle = waveHeight / 2;
    const pixels = this.#peaks?.length ?? 0;
    for (let x = 0; x < width; x += 2) {
      let [low, high] = [0, 0];
      const first = Math.floor(x / width * pixels);
      const last = Math.min(pixels, Math.max(first + 1, Math.ceil((x + 2) / width * pixels)));
      for (let point = first; point < last; point += 1) {
        low = Math.min(low, this.#peaks.data[2 * point]);
        high = Math.max(high, this.#peaks.data[2 * point + 1]);
      }
      const size = this.#gain / 128 * (middle - 4);
      const [top, bottom] = [high * size, -low * size];
      context.fillStyle = x < played ? accent : edge;
      context.fillRect(x, middle - Math.max(0.5, top), 1.4, Math.max(1, top + bottom));
    }
  }
}

customElements.define("wave-form", WaveForm);
