// Who is in the room: the conference package (RFC 4575), subscribed to in the call's own dialog.

const type = "application/conference-info+xml";
/** Seconds of one subscription, and after how many milliseconds it is taken anew. */
const expires = 3600;
const renewal = 3000000;
/** Milliseconds between two tries to learn of another room. */
const pause = 5000;

const letters = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const plain = (text) => text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => letters[name]);
const within = (text, name) => plain(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`).exec(text)?.[1] ?? "");

/**
 * The members that our server's document lists. Each has a `number`, which stands as contributing source in the packets
 * of its picture. A page may make no document of text (Trusted Types), so it is read as text.
 */
export function members(document) {
  return [...document.matchAll(/<user ([^>]*)>([\s\S]*?)<\/user>/g)].map(([, head, body]) => {
    const uri = plain(/entity="([^"]*)"/.exec(head)?.[1] ?? "");
    return {
      number: Number(within(body, "src-id")), uri, role: within(body, "entry"),
      name: within(body, "display-text") || uri.replace(/^sips?:/, "").split("@")[0],
      isOwn: /\bt:own="true"/.test(head), isInside: within(body, "status") === "connected",
      hasPicture: body.includes("<type>video</type>"),
    };
  });
}

/** Event: `change`. `members` are the others; who is not in yet is not among them. */
export class Roster extends EventTarget {
  members = [];
  #call;
  #timer = null;
  #asked = -pause;

  /** `call` is a SIPCall. */
  constructor(call) {
    super();
    this.#call = call;
    call.addEventListener("notify", ({ detail }) => this.#hear(detail));
    call.addEventListener("state", ({ detail }) => { if (detail.state === "ended") clearTimeout(this.#timer); });
    this.#subscribe();
  }

  async #subscribe(seconds = expires) {
    clearTimeout(this.#timer);
    this.#asked = performance.now();
    if (this.#call.state !== "answered") return;
    const headers = [["Event", "conference"], ["Accept", type], ["Expires", seconds]];
    const response = await this.#call.request("SUBSCRIBE", headers).catch(() => null);
    // Refused, as in a voice menu or before a PIN: the call will be in another place soon.
    if (seconds > 0) this.#again(response?.status < 300 ? renewal : pause);
  }

  #again(wait) {
    clearTimeout(this.#timer);
    if (this.#call.state === "answered") this.#timer = setTimeout(() => this.#subscribe(), wait);
  }

  /** The call may be in another room by now: asks anew, not too often. */
  async askAgain() {
    if (performance.now() - this.#asked < pause) return;
    await this.#subscribe(0);
    await this.#subscribe();
  }

  #hear(request) {
    if (!/^conference\b/i.test(request.get("Event") ?? "")) return;
    const isOver = /^terminated/i.test(request.get("Subscription-State") ?? "");
    if (isOver) this.#again(Math.max(0, pause - (performance.now() - this.#asked)));
    if (isOver || !request.body) return;
    // A supervisor comes in unheard.
    this.members = members(request.body).filter((member) =>
      member.isInside && !member.isOwn && (member.role !== "supervisor" || member.hasPicture));
    this.dispatchEvent(new Event("change"));
  }
}
