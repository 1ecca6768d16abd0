// The far end of a WebSocket, as a script: what the client sends is kept, and the test says what comes back.

import { parse, SIPMessage } from "../../web/call/message.js";

export class FarEnd {
  sent = [];
  sockets = [];
  #waiting = [];

  /** For SIPClient's `makeSocket`. */
  make = () => {
    const end = this;
    const socket = new (class extends EventTarget {
      readyState = 0;
      send(text) { end.#receive(parse(text) ?? { unreadable: text }); }
      close() {
        if (this.readyState === 3) return;
        this.readyState = 3;
        queueMicrotask(() => this.dispatchEvent(new Event("close")));
      }
    })();
    this.sockets.push(socket);
    queueMicrotask(() => {
      if (this.isDead) return socket.close();
      socket.readyState = 1;
      socket.dispatchEvent(new Event("open"));
    });
    return socket;
  };

  get socket() { return this.sockets.at(-1); }

  #receive(message) {
    this.sent.push(message);
    this.#waiting = this.#waiting.filter(({ method, resolve }) => {
      if (method !== (message.method ?? message.status)) return true;
      resolve(message);
      return false;
    });
  }

  /** The next message with this method or status. */
  next(method) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${method} came`)), 3000);
      this.#waiting.push({ method, resolve: (message) => { clearTimeout(timer); resolve(message); } });
    });
  }

  tell(message) {
    this.socket.dispatchEvent(Object.assign(new Event("message"), { data: message.toString() }));
  }

  answer(request, status, reason, headers = [], body = "") {
    const to = request.get("To").includes(";tag=") ? request.get("To") : `${request.get("To")};tag=far`;
    this.tell(new SIPMessage({ status, reason }, [
      ["Via", request.get("Via")], ["From", request.get("From")], ["To", to], ["Call-ID", request.get("Call-ID")],
      ["CSeq", request.get("CSeq")], ...headers,
    ], body));
  }

  /** A request within the dialog that `invite` of the client made. */
  ask(invite, method, number, headers = [], body = "") {
    this.tell(new SIPMessage({ method, uri: "sip:x@y.invalid" }, [
      ["Via", `SIP/2.0/WSS far;branch=z9hG4bK${method}${number}`], ["From", `${invite.get("To")};tag=far`],
      ["To", invite.get("From")], ["Call-ID", invite.get("Call-ID")], ["CSeq", `${number} ${method}`], ...headers,
    ], body));
  }
}

/** Lets what is queued happen. */
export const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
