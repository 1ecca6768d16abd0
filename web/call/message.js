// SIP messages as values: RFC 3261, section 7, and the framing of RFC 7118: one message in one WebSocket frame.

const compact = {
  a: "accept-contact", b: "referred-by", c: "content-type", e: "content-encoding", f: "from", i: "call-id",
  k: "supported",
  l: "content-length", m: "contact", o: "event", r: "refer-to", s: "subject", t: "to", u: "allow-events", v: "via",
  x: "session-expires",
};

/** The methods that are understood here. */
export const allowed = "INVITE, ACK, CANCEL, BYE, UPDATE, INFO, MESSAGE, NOTIFY, OPTIONS";

const maximumLength = 65536;
const maximumHeaders = 200;

const key = (name) => {
  const lower = name.toLowerCase();
  return compact[lower] ?? lower;
};

/** A request (`method`, `uri`) or a response (`status`, `reason`) with its headers and body. */
export class SIPMessage {
  constructor(start, headers = [], body = "") {
    Object.assign(this, start);
    this.headers = headers;
    this.body = body;
  }

  get isRequest() { return this.method !== undefined; }

  /** The first value of a header; undefined if there is none. */
  get(name) { return this.headers.find(([other]) => key(other) === key(name))?.[1]; }

  all(name) { return this.headers.filter(([other]) => key(other) === key(name)).map(([, value]) => value); }

  /** The number and the method of CSeq. */
  get sequence() {
    const [number, method] = (this.get("CSeq") ?? "").trim().split(/\s+/);
    return { number: Number(number), method };
  }

  /** The branch of the topmost Via. */
  get branch() { return parameter(this.get("Via") ?? "", "branch"); }

  toString() {
    const start = this.isRequest ? `${this.method} ${this.uri} SIP/2.0` : `SIP/2.0 ${this.status} ${this.reason ?? ""}`;
    // What comes from a page or a peer never makes a line of its own.
    const lines = this.headers.map(([name, value]) => `${name}: ${String(value).replace(/[\r\n\0]+/g, " ")}`);
    const length = new TextEncoder().encode(this.body).length;
    return [start, ...lines, `Content-Length: ${length}`, "", this.body].join("\r\n");
  }
}

/** Reads a message; null for what is none. */
export function parse(text) {
  if (typeof text !== "string" || text.length > maximumLength) return null;
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  // A line that begins with space goes on with the one before.
  const [first, ...lines] = text.slice(0, end).replace(/\r\n[ \t]+/g, " ").split("\r\n");
  if (lines.length > maximumHeaders) return null;
  const request = /^([A-Za-z0-9.!%*_+`'~-]+) (\S+) SIP\/2\.0$/.exec(first);
  const response = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/.exec(first);
  if (!request && !response) return null;
  const headers = [];
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) return null;
    const name = line.slice(0, colon).trim();
    if (key(name) !== "content-length") headers.push([name, line.slice(colon + 1).trim()]);
  }
  const start = request
    ? { method: request[1], uri: request[2] } : { status: Number(response[1]), reason: response[2] ?? "" };
  const message = new SIPMessage(start, headers, text.slice(end + 4));
  const isWhole = ["Via", "From", "To", "Call-ID", "CSeq"].every((name) => message.get(name) !== undefined);
  return isWhole && Number.isInteger(message.sequence.number) ? message : null;
}

/** A parameter of a header's value, outside its quotes and brackets. */
export function parameter(value, name) {
  const bare = value.replace(/"(?:[^"\\]|\\.)*"/g, "").replace(/<[^>]*>/g, "");
  return new RegExp(`;\\s*${name}\\s*=\\s*([^;,\\s]+)`, "i").exec(bare)?.[1];
}

/** The address within From, To, Contact: its URI and display name. */
export function address(value = "") {
  const brackets = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<([^>]*)>/.exec(value);
  if (!brackets) return { name: "", uri: value.split(";")[0].trim() };
  return { name: (brackets[1] ?? brackets[2]).replace(/\\(.)/g, "$1").trim(), uri: brackets[3] };
}

/** Who writes: the display name, else the user. */
export function nameOf(from) {
  const { name, uri } = address(from);
  return name || uri.replace(/^sips?:/, "").split("@")[0];
}

/** A display name in quotes. */
export function quoted(name) { return `"${name.replace(/[\r\n\0]+/g, " ").replace(/["\\]/g, "\\$&")}"`; }

/** Letters and digits that nobody guesses. */
export function token(octets = 9) {
  const random = crypto.getRandomValues(new Uint8Array(octets));
  return [...random].map((octet) => octet.toString(36).padStart(2, "0")).join("");
}
