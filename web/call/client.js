// A SIP user agent over one WebSocket: RFC 7118 and the transactions of RFC 3261, section 17, as far as a reliable
// transport needs them.

import { SIPCall } from "./sip-call.js";
import { allowed, parameter, parse, SIPMessage, token } from "./message.js";

/** 64 × T1: how long a transaction waits for its final response. */
const transactionTimeout = 32000;
/** Longer than the answer to a BYE takes. */
const closingTimeout = 5000;
const reconnectDelays = [200, 500, 1000, 2000, 4000, 8000];

/** Over: the connection is lost, or nobody answered in time. */
export class SIPTimeout extends Error {}

/**
 * Events: `call` (detail: a SIPCall that rings here), `message` (detail: a MESSAGE outside calls), `up`, `down`.
 *
 * `url` of the WebSocket; `uri` and `name` of the user; `authorize(response, request)` gives a header for a challenge,
 * or null; `makeSocket` is for tests.
 */
export class SIPClient extends EventTarget {
  calls = new Set();
  #transactions = new Map();
  #socket = null;
  #opening = null;
  #attempt = 0;
  #closed = false;

  constructor({
    url, uri, name = "", authorize = async () => null, makeSocket = (address) => new WebSocket(address, "sip"),
  }) {
    super();
    Object.assign(this, { url, uri, name, authorize, makeSocket });
    this.host = `${token()}.invalid`;
    // Nobody can reach a browser by its address: the flow is the way (RFC 5626).
    this.contact = `<sip:${token(6)}@${this.host};transport=ws;ob>`;
  }

  get isUp() { return this.#socket?.readyState === 1; }

  /** Opens the connection, if it is not. Rejects if it cannot be opened. */
  connect() {
    if (this.isUp) return Promise.resolve();
    if (this.#closed) return Promise.reject(new SIPTimeout("closed"));
    this.#opening ??= new Promise((resolve, reject) => {
      const socket = this.makeSocket(this.url);
      this.#socket = socket;
      socket.addEventListener("open", () => {
        this.#opening = null;
        this.#attempt = 0;
        resolve();
        this.dispatchEvent(new Event("up"));
      });
      socket.addEventListener("message", ({ data }) => { if (socket === this.#socket) this.#receive(data); });
      socket.addEventListener("close", () => {
        if (socket !== this.#socket) return;
        this.#socket = null;
        this.#opening = null;
        reject(new SIPTimeout("no connection"));
        for (const [name, transaction] of this.#transactions) {
          this.#settle(name, transaction, new SIPTimeout("disconnected"));
        }
        this.dispatchEvent(new Event("down"));
        this.#comeBack();
      });
    });
    return this.#opening;
  }

  /** A connection that broke is opened again while there is a reason: a call, or `keeps`. */
  #comeBack() {
    if (this.#closed || (this.calls.size === 0 && !this.keeps)) return;
    const delay = reconnectDelays[Math.min(this.#attempt, reconnectDelays.length - 1)];
    this.#attempt += 1;
    setTimeout(() => {
      if (!this.#closed && !this.isUp) this.connect().catch(() => {});
    }, delay * (0.75 + Math.random() / 2));
  }

  /** Opens a new connection at once, for one that the network took without telling. */
  reconnect() {
    const old = this.#socket;
    this.#socket = null;
    this.#opening = null;
    old?.close();
    return this.connect();
  }

  /** Closes the connection when the requests that are under way, a BYE above all, have their answer. */
  close() {
    this.#closed = true;
    if (this.#transactions.size === 0 || !this.isUp) return this.#socket?.close();
    setTimeout(() => this.#socket?.close(), closingTimeout);
  }

  send(message) {
    if (!this.isUp) return false;
    this.#socket.send(message.toString());
    return true;
  }

  /** A new Via; `branch` for ACK to a refusal and for CANCEL. */
  via(branch = `z9hG4bK${token()}`) {
    return `SIP/2.0/${this.url.startsWith("wss") ? "WSS" : "WS"} ${this.host};branch=${branch}`;
  }

  /** Sends a request; resolves with the final response, rejects with SIPTimeout. `hear` gets the provisional ones. */
  request(message, hear = () => {}) {
    return new Promise((resolve, reject) => {
      const name = `${message.branch} ${message.method}`;
      const transaction = { message, hear, resolve, reject };
      const wait = message.method === "INVITE" ? 180000 : transactionTimeout;
      transaction.timer = setTimeout(() => this.#settle(name, transaction, new SIPTimeout("no answer")), wait);
      this.#transactions.set(name, transaction);
      if (!this.send(message)) this.#settle(name, transaction, new SIPTimeout("no connection"));
    });
  }

  #settle(name, transaction, outcome) {
    clearTimeout(transaction.timer);
    this.#transactions.delete(name);
    // What follows the last answer, as an ACK, goes first.
    if (this.#closed) setTimeout(() => this.#transactions.size === 0 && this.#socket?.close());
    if (outcome instanceof Error) transaction.reject(outcome);
    else transaction.resolve(outcome);
  }

  /** Answers a request. */
  respond(request, status, reason, headers = [], body = "", tag = token(6)) {
    const to = parameter(request.get("To"), "tag") ? request.get("To") : `${request.get("To")};tag=${tag}`;
    this.send(new SIPMessage({ status, reason }, [
      ...request.all("Via").map((via) => ["Via", via]), ["From", request.get("From")], ["To", to],
      ["Call-ID", request.get("Call-ID")], ["CSeq", request.get("CSeq")],
      ...request.all("Record-Route").map((route) => ["Record-Route", route]), ...headers,
    ], body));
  }

  /** A request outside of calls. */
  compose(method, uri, headers = [], body = "") {
    return new SIPMessage({ method, uri }, [
      ["Via", this.via()], ["Max-Forwards", "70"], ["From", `<${this.uri}>;tag=${token(6)}`], ["To", `<${uri}>`],
      ["Call-ID", token(12)], ["CSeq", `1 ${method}`], ...headers,
    ], body);
  }

  #receive(data) {
    const message = parse(data);
    if (!message) return;
    if (message.isRequest) this.#receiveRequest(message);
    else this.#receiveResponse(message);
  }

  #receiveResponse(message) {
    const name = `${message.branch} ${message.sequence.method}`;
    const transaction = this.#transactions.get(name);
    if (!transaction) {
      // A 2xx that comes again wants its ACK again.
      if (message.sequence.method === "INVITE" && message.status < 300) this.#find(message)?.acknowledgeAgain(message);
      return;
    }
    if (message.status < 200) return transaction.hear(message);
    if (message.sequence.method === "INVITE" && message.status >= 300) this.#acknowledge(transaction.message, message);
    this.#settle(name, transaction, message);
  }

  /** ACK to a refusal: a part of its transaction (section 17.1.1.3). */
  #acknowledge(invite, response) {
    this.send(new SIPMessage({ method: "ACK", uri: invite.uri }, [
      ["Via", invite.get("Via")], ["Max-Forwards", "70"], ["From", invite.get("From")], ["To", response.get("To")],
      ["Call-ID", invite.get("Call-ID")], ["CSeq", `${invite.sequence.number} ACK`],
      ...invite.all("Route").map((route) => ["Route", route]),
    ]));
  }

  #find(message) {
    return [...this.calls].find((call) => call.id === message.get("Call-ID"));
  }

  #receiveRequest(request) {
    const call = this.#find(request);
    if (call) return call.receive(request);
    if (request.method === "ACK") return;
    if (request.method === "OPTIONS") return this.respond(request, 200, "OK", [["Allow", allowed]]);
    if (request.method === "MESSAGE") {
      this.respond(request, 200, "OK");
      this.dispatchEvent(new CustomEvent("message", { detail: request }));
      return;
    }
    if (parameter(request.get("To"), "tag") || request.method !== "INVITE") {
      return this.respond(request, 481, "Call/Transaction Does Not Exist");
    }
    const incoming = SIPCall.incoming(this, request);
    this.respond(request, 180, "Ringing", [["Contact", this.contact]], "", incoming.localTag);
    this.dispatchEvent(new CustomEvent("call", { detail: incoming }));
  }
}
