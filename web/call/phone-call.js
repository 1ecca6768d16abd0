// A call with its media: what the button and the desk have in common.

import { MediaError } from "./media.js";

/** Milliseconds: a call that cannot be repaired is tried again so often, and given up after this long. */
const repairInterval = 3000;
const repairTime = 60000;

/**
 * Events: `state` (detail: { state, status, reason }) with "calling", "ringing", "connected", "reconnecting", "ended",
 * and `message` (detail: { from, text }).
 */
export class PhoneCall extends EventTarget {
  isMuted = false;
  isHeld = false;
  state = "calling";
  #call;
  #client;
  #isRepairing = false;
  /** One exchange at a time: an offer needs its answer before the next is made. */
  #exchanges = Promise.resolve();
  #brokenSince = 0;
  #up = () => this.#repair();

  constructor(client, call, media) {
    super();
    this.#client = client;
    this.#call = call;
    this.media = media;
    call.renegotiate = (offer) => media.answer(offer);
    call.addEventListener("state", ({ detail }) => this.#note(detail));
    call.addEventListener("message", ({ detail }) =>
      this.#tell("message", { from: detail.get("From"), text: detail.body }));
    media.addEventListener("broken", () => this.#repair());
    client.addEventListener("up", this.#up);
    client.addEventListener("down", () => { if (this.state === "connected") this.#become("reconnecting"); });
    globalThis.addEventListener?.("online", this.#up);
  }

  get sip() { return this.#call; }

  /** Opens the media and calls. Throws a MediaError; how the call goes is told by `state`. */
  static async dial(client, make, media, { headers = [] } = {}) {
    await media.open();
    const offer = await media.offer();
    await client.connect();
    const sip = make();
    const call = new PhoneCall(client, sip, media);
    sip.invite(offer, headers).then((answer) => call.#answered(answer));
    return call;
  }

  async #answered(answer) {
    if (answer === null) return;
    try {
      await this.media.accept(answer);
      this.#become("connected");
    } catch {
      this.hangUp();
    }
  }

  /** Answers a call that rings. Throws a MediaError. */
  async accept() {
    await this.media.open();
    let answer;
    try {
      answer = await this.media.answer(this.#call.offer);
    } catch (error) {
      throw new MediaError("nomedia", error);
    }
    this.#call.accept(answer);
    this.#become("connected");
  }

  hangUp(status, reason) { this.#call.hangUp(status, reason); }

  mute(isMuted) {
    this.isMuted = isMuted;
    this.media.mute(isMuted);
  }

  /** True if the other side has agreed. */
  async hold(isHeld) {
    if (this.state !== "connected") return false;
    const was = this.isHeld;
    this.media.hold(isHeld);
    if (!isHeld) this.isHeld = false;
    const isAgreed = await this.renew();
    this.isHeld = isAgreed ? isHeld : was;
    if (!isAgreed) this.media.hold(was);
    return isAgreed;
  }

  /** Offers what the media are by now; true if the other side has agreed. */
  renew() {
    this.#exchanges = this.#exchanges.then(() => this.#exchange());
    return this.#exchanges;
  }

  async #exchange() {
    try {
      // What was added meanwhile is on hold too.
      if (this.isHeld) this.media.hold(true);
      const answer = await this.#call.reinvite(await this.media.offer());
      if (answer) await this.media.accept(answer);
      else await this.media.rollback();
      return answer !== null;
    } catch {
      await this.media.rollback().catch(() => {});
      return false;
    }
  }

  sendDigits(digits) { return this.#call.sendDigits(digits); }
  sendText(text) { return this.#call.sendText(text); }

  /** The network has changed: a connection that is new, and candidates that are, for the same dialog and seat. */
  async #repair() {
    if (this.#isRepairing || !["connected", "reconnecting"].includes(this.state)) return;
    this.#isRepairing = true;
    if (this.state === "connected") this.#brokenSince = Date.now();
    this.#become("reconnecting");
    try {
      if (!this.#client.isUp) await this.#client.reconnect();
      const answer = await this.#call.reinvite(await this.media.offer({ restart: true }));
      if (answer) {
        await this.media.accept(answer);
        this.#become("connected");
      } else {
        await this.media.rollback();
      }
    } catch {
      await this.media.rollback().catch(() => {});
    } finally {
      this.#isRepairing = false;
      if (this.state === "reconnecting") setTimeout(() => this.#repairAgain(), repairInterval);
    }
  }

  #repairAgain() {
    if (Date.now() - this.#brokenSince > repairTime) this.hangUp();
    else this.#repair();
  }

  #note({ state, status, reason }) {
    // What is answered is connected when its media is.
    if (state !== "answered") this.#become(state, status, reason);
    if (state !== "ended") return;
    this.#client.removeEventListener("up", this.#up);
    globalThis.removeEventListener?.("online", this.#up);
    this.media.close();
  }

  #become(state, status = 0, reason = "") {
    if (this.state === state || this.state === "ended") return;
    this.state = state;
    this.#tell("state", { state, status, reason });
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
