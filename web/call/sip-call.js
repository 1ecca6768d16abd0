// One call: its dialog (RFC 3261, section 12) and what happens within it.

import { address, allowed, parameter, quoted, SIPMessage, token } from "./message.js";

const sdp = "application/sdp";

/**
 * Events: `state` (detail: { state, status, reason }) with the states "calling", "ringing", "answered", "ended";
 * `message` and `notify` (detail: the request) for a chat line and for what was subscribed to. `renegotiate(offer)` is
 * set by who owns the media: gives the answer to an offer of the peer.
 */
export class SIPCall extends EventTarget {
  state = "calling";
  renegotiate = null;
  #client;
  #remoteTag = null;
  #remoteTarget;
  #routes = [];
  #sequence = 0;
  #remoteSequence = 0;
  #invite = null;
  #ack = null;
  #wantsEnd = false;
  #hasRung = false;
  #retransmission = null;
  #isOffering = false;
  #isInviting = false;

  /** A call to `uri`; `invite` starts it. */
  constructor(client, uri, id = token(12)) {
    super();
    this.#client = client;
    this.#remoteTarget = uri;
    this.id = id;
    this.localTag = token(6);
    this.localParty = `${client.name ? `${quoted(client.name)} ` : ""}<${client.uri}>`;
    this.remoteParty = `<${uri}>`;
    client.calls.add(this);
  }

  /** A call that rings here. */
  static incoming(client, request) {
    const call = new SIPCall(client, address(request.get("Contact")).uri, request.get("Call-ID"));
    call.#invite = request;
    call.state = "ringing";
    call.isIncoming = true;
    call.#remoteSequence = request.sequence.number;
    call.#remoteTag = parameter(request.get("From"), "tag");
    call.#routes = request.all("Record-Route");
    call.localParty = request.get("To").replace(/;\s*tag=[^;]*/i, "");
    call.remoteParty = request.get("From").replace(/;\s*tag=[^;]*/i, "");
    return call;
  }

  get offer() { return this.isIncoming ? this.#invite.body : ""; }
  get invitation() { return this.#invite; }
  get remote() { return address(this.remoteParty); }

  /** Calls; resolves with the answer's SDP, or null when the call ended instead. */
  async invite(offer, headers = []) {
    const send = async (more) => {
      this.#invite = this.#compose("INVITE", [...headers, ...more], offer);
      return await this.#client.request(this.#invite, (response) => this.#hear(response));
    };
    let response;
    this.#isInviting = true;
    try {
      response = await send([]);
      const more = [401, 407].includes(response.status) && await this.#client.authorize(response, this.#invite);
      if (more && !this.#wantsEnd) response = await send([more]);
    } catch {
      this.#client.calls.delete(this);
      this.#end(408, "timeout");
      return null;
    }
    this.#isInviting = false;
    if (this.state === "ended") this.#client.calls.delete(this);
    if (response.status >= 300) {
      this.#end(response.status, response.reason);
      return null;
    }
    this.#remoteTag = parameter(response.get("To"), "tag");
    this.#routes = response.all("Record-Route").reverse();
    this.#follow(response);
    this.#acknowledge(this.#invite.sequence.number);
    // It was answered while we took it back.
    if (this.#wantsEnd) {
      this.#client.request(this.#compose("BYE")).catch(() => {});
      return null;
    }
    this.#become("answered");
    return response.body;
  }

  #hear(response) {
    if (response.status === 100) return this.#cancelIfWanted();
    this.#hasRung = true;
    if (response.status === 180 || response.status === 183) this.#become("ringing");
    this.#cancelIfWanted();
  }

  #cancelIfWanted() {
    this.#hasRung = true;
    if (this.#wantsEnd) this.#cancel();
  }

  /** Takes the INVITE back (section 9.1): not before the first provisional response. */
  #cancel() {
    const invite = this.#invite;
    this.#client.request(new SIPMessage({ method: "CANCEL", uri: invite.uri }, [
      ["Via", invite.get("Via")], ["Max-Forwards", "70"], ["From", invite.get("From")], ["To", invite.get("To")],
      ["Call-ID", this.id], ["CSeq", `${invite.sequence.number} CANCEL`],
    ])).catch(() => {});
  }

  /** Ends the call, whichever way its state wants. */
  hangUp(status = 486, reason = "Busy Here") {
    if (this.state === "ended") return;
    this.#wantsEnd = true;
    if (this.isIncoming && this.state === "ringing") {
      this.#client.respond(this.#invite, status, reason, [], "", this.localTag);
      return this.#end(status, reason);
    }
    if (this.#remoteTag) {
      this.#client.request(this.#compose("BYE")).catch(() => {});
      return this.#end(0, "hangup");
    }
    if (this.#hasRung) this.#cancel();
    this.#end(487, "cancelled");
  }

  /** Answers a call that rings here. */
  accept(answer) {
    const send = () => this.#client.respond(
      this.#invite, 200, "OK", [["Contact", this.#client.contact], ["Allow", allowed], ["Content-Type", sdp]], answer,
      this.localTag);
    send();
    this.#repeat(send);
    this.#become("answered");
  }

  /** A 200 goes out again until its ACK comes, also over reliable transports (section 13.3.1.4). */
  #repeat(send) {
    let [wait, waited] = [500, 0];
    const again = () => {
      waited += wait;
      wait = Math.min(wait * 2, 4000);
      if (waited > 32000) return;
      send();
      this.#retransmission = setTimeout(again, wait);
    };
    clearTimeout(this.#retransmission);
    this.#retransmission = setTimeout(again, wait);
  }

  /**
   * A new offer within the call; gives the answer's SDP, null if it was refused. Tries once more after a collision
   * (491).
   */
  async reinvite(offer, isSecond = false) {
    if (this.state !== "answered") return null;
    this.#isOffering = true;
    let invite, response;
    try {
      invite = this.#compose("INVITE", [], offer);
      response = await this.#client.request(invite);
      const more = [401, 407].includes(response.status) && await this.#client.authorize(response, invite);
      if (more) {
        invite = this.#compose("INVITE", [more], offer);
        response = await this.#client.request(invite);
      }
    } finally {
      this.#isOffering = false;
    }
    if (response.status < 300) {
      this.#follow(response);
      this.#acknowledge(invite.sequence.number);
      return response.body;
    }
    if (response.status === 481 || response.status === 408) this.#end(response.status, response.reason);
    if (response.status !== 491 || isSecond) return null;
    await new Promise((resume) => setTimeout(resume, 2100 + Math.random() * 1900));
    return await this.reinvite(offer, true);
  }

  /** Digits by INFO, one after the other. */
  async sendDigits(digits) {
    for (const digit of digits) {
      if (!/[0-9*#A-D]/i.test(digit)) continue;
      await this.request("INFO", [["Content-Type", "application/dtmf-relay"]], `Signal=${digit}\r\nDuration=160\r\n`);
    }
  }

  /** A line of chat (RFC 3428); true if it was taken. */
  async sendText(text) {
    const response = await this.request("MESSAGE", [["Content-Type", "text/plain;charset=utf-8"]], text);
    return response.status < 300;
  }

  async request(method, headers = [], body = "") {
    const request = this.#compose(method, headers, body);
    const response = await this.#client.request(request);
    if (![401, 407].includes(response.status)) return response;
    const more = await this.#client.authorize(response, request);
    return more ? await this.#client.request(this.#compose(method, [...headers, more], body)) : response;
  }

  #compose(method, headers = [], body = "", number = ++this.#sequence) {
    const offers = method === "INVITE";
    return new SIPMessage({ method, uri: this.#remoteTarget }, [
      ["Via", this.#client.via()], ["Max-Forwards", "70"], ["From", `${this.localParty};tag=${this.localTag}`],
      ["To", this.remoteParty + (this.#remoteTag ? `;tag=${this.#remoteTag}` : "")], ["Call-ID", this.id],
      ["CSeq", `${number} ${method}`], ...this.#routes.map((route) => ["Route", route]),
      ...(offers ? [["Contact", this.#client.contact], ["Allow", allowed], ["Supported", "outbound, gruu"],
        ["Content-Type", sdp]] : []),
      ...(method === "SUBSCRIBE" ? [["Contact", this.#client.contact]] : []), ...headers,
    ], body);
  }

  #follow(message) {
    const contact = message.get("Contact");
    if (contact) this.#remoteTarget = address(contact).uri;
  }

  #acknowledge(number) {
    this.#ack = this.#compose("ACK", [], "", number);
    this.#client.send(this.#ack);
  }

  acknowledgeAgain(response) {
    if (this.#ack?.sequence.number === response.sequence.number) this.#client.send(this.#ack);
  }

  /** A request of the peer within this call. */
  receive(request) {
    const respond = (status, reason, headers = [], body = "") =>
      this.#client.respond(request, status, reason, headers, body, this.localTag);
    const { number } = request.sequence;
    if (request.method === "ACK") return clearTimeout(this.#retransmission);
    if (request.method === "CANCEL") {
      respond(200, "OK");
      if (this.state !== "ringing" || !this.isIncoming) return;
      this.#client.respond(this.#invite, 487, "Request Terminated", [], "", this.localTag);
      return this.#end(487, "cancelled");
    }
    if (request.method === "INVITE" && number === this.#remoteSequence) return;
    if (number < this.#remoteSequence) return respond(500, "Out of Order");
    this.#remoteSequence = number;
    if (request.method === "BYE") {
      respond(200, "OK");
      return this.#end(0, "hangup");
    }
    const offers = request.method === "INVITE" || (request.method === "UPDATE" && request.body);
    if (offers) return this.#reoffered(request, respond);
    if (["MESSAGE", "NOTIFY"].includes(request.method)) {
      this.dispatchEvent(new CustomEvent(request.method.toLowerCase(), { detail: request }));
    }
    if (["UPDATE", "INFO", "MESSAGE", "NOTIFY", "OPTIONS"].includes(request.method)) {
      return respond(200, "OK", [["Contact", this.#client.contact], ["Allow", allowed]]);
    }
    respond(405, "Method Not Allowed", [["Allow", allowed]]);
  }

  async #reoffered(request, respond) {
    if (this.#isOffering) return respond(491, "Request Pending");
    this.#follow(request);
    try {
      const answer = await this.renegotiate(request.body);
      const headers = [["Contact", this.#client.contact], ["Allow", allowed], ["Content-Type", sdp]];
      const send = () => respond(200, "OK", headers, answer);
      send();
      if (request.method === "INVITE") this.#repeat(send);
    } catch {
      respond(488, "Not Acceptable Here");
    }
  }

  #become(state, status = 0, reason = "") {
    if (this.state === state || this.state === "ended") return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state, status, reason } }));
  }

  #end(status, reason) {
    clearTimeout(this.#retransmission);
    this.#become("ended", status, reason);
    // While its INVITE has no final response a 200 may come, and wants to be hung up.
    if (!this.#isInviting) this.#client.calls.delete(this);
  }
}
