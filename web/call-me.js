// The Call Me button: <call-me widget="support" token-url="/call-token">Call me</call-me>
//
// Attributes: `widget` (the entry of the server that is called), `token-url` (where the shop's back end gives a token),
// `lang`, `name` (of the visitor), `video` ("offer": the visitor's camera at once; "later": by a button in the call),
// `context-…` (what the called side shall know), `text-…` (a text of one's own). Events: `call-state` (detail.state:
// idle, preparing, calling, ringing, connected, reconnecting, ended) and `call-error` (detail.code, detail.text).
// Methods: call(), hangup(), mute(isMuted), sendDigits(digits).

import { SIPClient } from "./call/client.js";
import { contextHeaders } from "./call/context.js";
import { Media, MediaError } from "./call/media.js";
import { nameOf } from "./call/message.js";
import { Panel } from "./call/panel.js";
import { PhoneCall } from "./call/phone-call.js";
import { SIPCall } from "./call/sip-call.js";
import { failure, words } from "./call/words.js";

const server = new URL("/sip", import.meta.url);
server.protocol = server.protocol === "http:" ? "ws:" : "wss:";

/** What goes wrong before a call is under way; `code` is a key of the words. */
class CallError extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

class CallMe extends HTMLElement {
  static observedAttributes = ["lang"];
  #panel = null;
  #client = null;
  #call = null;
  #state = "idle";
  /** Counts calls, so that what an older one still has to say is not heard. */
  #number = 0;

  connectedCallback() {
    if (!this.#panel) this.#build();
  }

  attributeChangedCallback() {
    if (this.#panel && !this.#isUnderWay) this.#build();
  }

  #build() {
    this.#panel = new Panel(this.shadowRoot ?? this.attachShadow({ mode: "open" }), (key) => this.#text(key), {
      call: () => this.call(), hangup: () => this.hangup(), mute: () => this.mute(!this.#call?.isMuted),
      digit: (digit) => this.sendDigits(digit), say: (text) => this.#say(text),
    });
    this.#panel.show(this.#state);
  }

  get #isUnderWay() { return this.#state !== "idle" && this.#state !== "ended"; }

  disconnectedCallback() { this.hangup(); }

  get state() { return this.#state; }

  /** Calls; resolves when the call is under way or has failed. */
  async call() {
    if (this.#isUnderWay) return;
    const number = (this.#number += 1);
    this.#panel.complain("");
    this.#become("preparing");
    try {
      if (!globalThis.RTCPeerConnection) throw new CallError(globalThis.isSecureContext ? "unsupported" : "insecure");
      const { token, iceServers } = await this.#token();
      const media = new Media(this.#panel.player, iceServers);
      const client = new SIPClient({
        url: server.href, uri: "sip:visitor@anonymous.invalid",
        name: this.getAttribute("name") ?? this.#text("visitor"),
      });
      this.#client = client;
      const attributes = [...this.attributes].map(({ name, value }) => [name, value]);
      const headers = contextHeaders(attributes, location.href);
      // RFC 8898, section 2.
      if (token) headers.push(["Authorization", `Bearer ${token}`]);
      // The page knows no destination: the server maps the widget to one.
      const uri = `sip:${encodeURIComponent(this.getAttribute("widget") ?? "")}@${server.hostname}`;
      const make = () => {
        if (number !== this.#number) throw new CallError("cancelled");
        this.#become("calling");
        return new SIPCall(client, uri);
      };
      let call;
      try {
        call = await PhoneCall.dial(client, make, media, { headers });
      } catch (error) {
        media.close();
        client.close();
        throw error;
      }
      call.addEventListener("state", ({ detail }) => this.#note(call, detail));
      call.addEventListener("message", ({ detail }) => this.#panel.say(nameOf(detail.from), detail.text));
      this.#call = call;
    } catch (error) {
      if (number !== this.#number || error.code === "cancelled") return;
      this.#fail(error instanceof MediaError || error instanceof CallError ? error.code : "network");
    }
  }

  hangup() {
    this.#number += 1;
    if (this.#call) this.#call.hangUp();
    else if (this.#state === "preparing" || this.#state === "calling") {
      this.#client?.close();
      this.#become("ended");
    }
  }

  mute(isMuted = true) {
    this.#call?.mute(isMuted);
    this.#panel.showMute(Boolean(this.#call?.isMuted));
  }

  sendDigits(digits) { return this.#call?.sendDigits(String(digits)).catch(() => {}); }

  async #say(text) {
    const isTaken = await this.#call?.sendText(text).catch(() => false);
    this.#panel.say(this.#text("you"), isTaken ? text : `${text} ✗`);
  }

  /**
   * The token for this call, if the shop has a back end that gives one: JSON with `token`, and `iceServers` if it
   * likes.
   */
  async #token() {
    const url = this.getAttribute("token-url");
    if (!url) return {};
    try {
      const response = await fetch(url, {
        method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ widget: this.getAttribute("widget") }),
      });
      if (!response.ok) throw new CallError("token");
      return await response.json();
    } catch {
      throw new CallError("token");
    }
  }

  #note(call, { state, status, reason }) {
    if (call !== this.#call) return;
    if (state === "ended") {
      this.#call = null;
      this.#client.close();
      const code = failure(status);
      if (code) return this.#fail(code, status, reason);
    }
    this.#become(state);
    if (state === "connected") this.#see(call).catch(() => {});
  }

  /** Pictures, where the page wants them: what shows them is loaded no earlier. */
  async #see(call) {
    const video = this.getAttribute("video");
    if (this.#panel.pictures.firstChild || !["offer", "later"].includes(video)) return;
    const { VideoGrid } = await import("./video/video-grid.js");
    if (call !== this.#call || this.#panel.pictures.firstChild) return;
    const grid = new VideoGrid(this.#language);
    this.#panel.pictures.append(grid);
    grid.begin(call, { camera: video === "offer" });
  }

  #fail(code, status = 0, reason = "") {
    this.#become("ended");
    const text = this.#text(code);
    this.#panel.complain(text);
    this.#tell("call-error", { code, text, status, reason });
  }

  #become(state) {
    if (this.#state === state) return;
    this.#state = state;
    this.#panel.show(state);
    this.#tell("call-state", { state });
  }

  get #language() {
    return (this.closest("[lang]")?.lang ?? navigator.language ?? "en").toLowerCase().split("-")[0];
  }

  #text(key) { return this.getAttribute(`text-${key}`) ?? words[this.#language]?.[key] ?? words.en[key] ?? key; }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true })); }
}

customElements.define("call-me", CallMe);
