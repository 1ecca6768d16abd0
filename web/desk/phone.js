// The desk's telephone: one user, one connection, one call at a time. A second call that comes is told that we are
// busy.

import { SIPClient } from "../call/client.js";
import { Media } from "../call/media.js";
import { address } from "../call/message.js";
import { PhoneCall } from "../call/phone-call.js";
import { SIPCall } from "../call/sip-call.js";
import { userOf } from "../modules/people.js";
import { digestFor } from "./digest.js";
import { Registration } from "./registration.js";

/**
 * Events: `user` (detail: { state, user, reason }) with "registered", "guest", "lost", "refused", "out"; `ring`
 * (detail: SIPCall); `call` (detail: PhoneCall) when one is under way.
 */
export class Phone extends EventTarget {
  call = null;
  user = "";
  #client = null;
  #registration = null;
  #ringing = null;
  #player;

  constructor(player) {
    super();
    this.#player = player;
  }

  /** With a password the user is registered; without one it is a guest. */
  async signIn(user, password) {
    await this.signOut();
    this.user = user;
    const url = new URL("/sip", location.href);
    url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
    const client = new SIPClient({
      url: url.href, name: user,
      uri: `sip:${encodeURIComponent(user)}@${password ? location.host : "anonymous.invalid"}`,
      ...(password ? { authorize: digestFor(user, password) } : {}),
    });
    this.#client = client;
    client.addEventListener("call", ({ detail }) => this.#ring(detail));
    if (password) {
      this.#registration = new Registration(client);
      this.#registration.addEventListener("state", ({ detail }) => {
        this.#tell("user", { ...detail, user });
        if (detail.state === "refused") this.signOut();
      });
    } else {
      client.keeps = true;
      client.addEventListener("up", () => this.#tell("user", { state: "guest", user }));
      client.addEventListener("down", () => this.#tell("user", { state: "lost", user }));
    }
    await client.connect();
  }

  /** Whether an address is this desk's: its user, or where the server reaches it. */
  isOwn(uri) {
    if (!this.#client) return false;
    return [this.#client.uri, address(this.#client.contact).uri].some((own) => userOf(own) === userOf(uri));
  }

  async signOut() {
    const client = this.#client;
    if (!client) return;
    this.call?.hangUp();
    this.#client = null;
    if (this.#registration) await this.#registration.end();
    else client.close();
    this.#registration = null;
    this.#tell("user", { state: "out", user: this.user });
  }

  #ring(call) {
    if (this.call || this.#ringing) return call.hangUp(486, "Busy Here");
    this.#ringing = call;
    call.addEventListener("state", ({ detail }) => {
      if (detail.state !== "ended" || this.#ringing !== call) return;
      this.#ringing = null;
      this.#tell("ring", null);
    });
    this.#tell("ring", call);
  }

  decline() { this.#ringing?.hangUp(603, "Decline"); }

  /** Answers what rings. Throws a MediaError if there is no microphone. */
  async answer() {
    const ringing = this.#ringing;
    if (!ringing) return;
    this.#ringing = null;
    const call = new PhoneCall(this.#client, ringing, new Media(this.#player));
    this.#begin(call);
    try {
      await call.accept();
    } catch (error) {
      if (error.code === "nomedia") ringing.hangUp(488, "Not Acceptable Here");
      else ringing.hangUp(480, "No Microphone");
      throw error;
    }
  }

  /** Calls an address, or a room of this server by its name; `isMuted`: nothing is said until somebody unmutes. */
  async dial(text, { isMuted = false } = {}) {
    if (this.call) return;
    const whole = text.includes("@") ? text : `${encodeURIComponent(text)}@${location.host}`;
    const uri = /^sips?:/i.test(text) ? text : `sip:${whole}`;
    const media = new Media(this.#player);
    try {
      const call = await PhoneCall.dial(this.#client, () => new SIPCall(this.#client, uri), media);
      call.mute(isMuted);
      this.#begin(call);
    } catch (error) {
      media.close();
      throw error;
    }
  }

  #begin(call) {
    this.call = call;
    call.addEventListener("state", ({ detail }) => {
      if (detail.state === "ended" && this.call === call) this.call = null;
    });
    this.#tell("call", call);
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
