// The pictures of a call: who is seen, who is only heard, ourselves, and the buttons for camera and screen.

import { h, icon } from "./elements.js";
import { look } from "./look.js";
import { Pictures } from "./pictures.js";
import { Roster } from "./roster.js";
import { VideoTile } from "./video-tile.js";
import { wordsIn } from "./words.js";

/** Milliseconds between two looks at whose picture is where, and at how good they are. */
const lookInterval = 250;
const qualityInterval = 2000;

/** `<video-grid>`: made in a language; `begin(call)` with a PhoneCall that is connected. */
export class VideoGrid extends HTMLElement {
  #t;
  #call = null;
  #pictures = null;
  #roster = null;
  #timers = [];
  /** By section. */
  #tiles = new Map();
  #own;
  #pinned = null;
  #largest = null;
  #isGrid = false;
  #stage;
  #heard;
  #camera;
  #screen;
  #layout;
  #which;
  #fault = h("p", { className: "fault", role: "status" });

  constructor(language = "en") {
    super();
    const t = this.#t = wordsIn(language);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [look()];
    const button = (picture, name, act) => {
      const element = h("button", { type: "button", ariaPressed: "false", onclick: act }, icon(picture));
      element.title = element.ariaLabel = t(name);
      return element;
    };
    this.#own = new VideoTile(t, { canPin: false });
    this.#own.className = "own";
    this.#own.label = t("you");
    this.#stage = h("div", { className: "stage speaker", role: "group", ariaLabel: t("pictures") });
    this.#heard = h("ul", { className: "heard", ariaLabel: t("heard"), hidden: true });
    this.#camera = button("camera", "cameraOn", () => this.#toggle("camera"));
    this.#camera.append(h("span", { textContent: t("camera") }));
    this.#screen = button("screen", "screen", () => this.#toggle("screen"));
    this.#screen.hidden = !navigator.mediaDevices?.getDisplayMedia;
    this.#layout = button("grid", "grid", () => this.#turn());
    this.#layout.hidden = true;
    this.#which = h("select", { ariaLabel: t("which"), hidden: true, onchange: () =>
      this.#show("camera", this.#which.value) });
    root.append(this.#stage, this.#heard,
      h("div", { className: "bar" }, this.#camera, this.#screen, this.#layout, this.#which, this.#fault));
  }

  /** What we show: "camera", "screen" or null. */
  get source() { return this.#pictures?.source ?? null; }

  /** Shows the pictures of a call; with `camera` ours at once. */
  begin(call, { camera = false } = {}) {
    if (this.#call) return;
    this.#call = call;
    this.#pictures = new Pictures(call);
    this.#pictures.addEventListener("change", () => this.#update());
    this.#roster = new Roster(call.sip);
    this.#roster.addEventListener("change", () => this.#meet());
    call.addEventListener("state", ({ detail }) => { if (detail.state === "ended") this.#end(); });
    this.#timers = [
      setInterval(() => this.#update(), lookInterval), setInterval(() => this.#measure(), qualityInterval),
    ];
    if (camera) this.#toggle("camera");
  }

  disconnectedCallback() { this.#end(); }

  #end() {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    this.#pictures?.end();
  }

  /** Others have come or gone, or shown themselves. */
  #meet() {
    const seen = this.#roster.members.filter((member) => member.hasPicture).length;
    if (seen > 0) this.#pictures.wantViews(seen).catch(() => {});
    this.#update();
  }

  #toggle(source) { return this.#show(this.source === source ? null : source); }

  async #show(source, device) {
    // Not disabled, or the keyboard would lose its place.
    if (this.#camera.ariaDisabled === "true") return;
    this.#camera.ariaDisabled = this.#screen.ariaDisabled = "true";
    this.#fault.textContent = "";
    try {
      if (!await this.#pictures.show(source, device) && source) this.#fault.textContent = this.#t("refused");
    } catch (error) {
      // Who chooses no screen has changed its mind.
      const word = typeof error.code === "string" ? error.code : "missing";
      if (source === "camera") this.#fault.textContent = this.#t(word);
    }
    this.#camera.ariaDisabled = this.#screen.ariaDisabled = "false";
    await this.#listCameras().catch(() => {});
    this.#update();
  }

  async #listCameras() {
    const all = await navigator.mediaDevices.enumerateDevices();
    const cameras = all.filter(({ kind, label }) => kind === "videoinput" && label !== "");
    this.#which.hidden = this.source !== "camera" || cameras.length < 2;
    const current = this.#pictures.stream?.getVideoTracks()[0]?.getSettings().deviceId;
    this.#which.replaceChildren(...cameras.map(({ deviceId, label }) => h("option", { value: deviceId,
      textContent: label, selected: deviceId === current })));
  }

  #turn() {
    this.#isGrid = !this.#isGrid;
    const name = this.#isGrid ? "speaker" : "grid";
    this.#layout.replaceChildren(icon(name));
    this.#layout.title = this.#layout.ariaLabel = this.#t(name);
    this.#stage.classList.toggle("speaker", !this.#isGrid);
  }

  /** Brings the tiles in line with what comes. */
  #update() {
    if (!this.#pictures) return;
    const { members } = this.#roster;
    const speaker = this.#pictures.speaker();
    const shown = new Map();
    for (const view of this.#pictures.views) {
      const whose = this.#pictures.whose(view);
      const member = whose && members.find(({ number }) => number === whose.number);
      if (whose && !member && !whose.stands) this.#roster.askAgain();
      if (member?.hasPicture) shown.set(view, { member, stands: whose.stands });
    }
    for (const [view, tile] of this.#tiles) {
      if (shown.has(view)) continue;
      tile.remove();
      this.#tiles.delete(view);
    }
    for (const [view, { member, stands }] of shown) this.#place(view, member, stands, speaker);
    this.#enlarge([...shown.values()].map(({ member }) => member.number), speaker);
    this.#showOwn();
    const seen = new Set([...shown.values()].map(({ member }) => member.number));
    this.#name(members.filter(({ number }) => !seen.has(number)), speaker);
    this.#layout.hidden = this.#tiles.size + (this.source ? 1 : 0) < 2;
  }

  #place(view, member, stands, speaker) {
    let tile = this.#tiles.get(view);
    if (!tile) {
      tile = new VideoTile(this.#t);
      tile.addEventListener("pin", () => {
        this.#pinned = this.#pinned === tile.number ? null : tile.number;
        this.#update();
      });
      this.#tiles.set(view, tile);
      this.#stage.append(tile);
    }
    if (tile.number !== member.number) tile.quality = null;
    tile.number = member.number;
    tile.label = member.name;
    tile.track = view.receiver.track;
    tile.stands = stands;
    tile.isTalking = speaker === member.number;
    tile.isPinned = this.#pinned === member.number;
  }

  /** The large picture: the one that is kept, else who speaks, else the one that was. */
  #enlarge(numbers, speaker) {
    const wishes = [this.#pinned, speaker, this.#largest, numbers[0]];
    this.#largest = wishes.find((number) => numbers.includes(number)) ?? null;
    for (const tile of this.#tiles.values()) tile.classList.toggle("large", tile.number === this.#largest);
  }

  #showOwn() {
    const { source, stream } = this.#pictures;
    if (stream && !this.#own.isConnected) this.#stage.append(this.#own);
    if (!stream) this.#own.remove();
    this.#own.track = stream?.getVideoTracks()[0] ?? null;
    this.#own.classList.toggle("screen", source === "screen");
    this.#own.classList.toggle("large", stream !== null && this.#tiles.size === 0);
    for (const [button, name, on, off] of [
      [this.#camera, "camera", "cameraOff", "cameraOn"], [this.#screen, "screen", "screenOff", "screen"],
    ]) {
      button.ariaPressed = String(source === name);
      button.title = button.ariaLabel = this.#t(source === name ? on : off);
    }
    if (source !== "camera") this.#which.hidden = true;
  }

  /** Who is heard only. */
  #name(members, speaker) {
    const line = members.map(({ number, name }) => `${number === speaker ? "*" : ""}${number} ${name}`).join("\n");
    if (this.#heard.dataset.line === line) return;
    this.#heard.dataset.line = line;
    this.#heard.hidden = members.length === 0;
    this.#heard.replaceChildren(...members.map(({ number, name }) =>
      h("li", { textContent: name, className: number === speaker ? "talks" : "" })));
  }

  async #measure() {
    const found = await this.#pictures.quality().catch(() => new Map());
    for (const [view, quality] of found) {
      const tile = this.#tiles.get(view);
      if (tile) tile.quality = quality;
    }
  }
}

customElements.define("video-grid", VideoGrid);
