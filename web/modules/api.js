// The REST interface and the event stream of the server that the page came from.

/** What the server refused, with its problem detail (RFC 9457). */
export class APIError extends Error {
  constructor(status, detail, field) {
    super(detail);
    this.status = status;
    this.field = field;
  }
}

const store = "trialogue.token";
const retryDelays = [500, 1000, 2000, 4000, 8000];

/**
 * Asks the server. Tells by events what it hears: `event` (detail: a ServerEvent), `state` (detail: "live", "lost",
 * "refused").
 */
export class API extends EventTarget {
  #token = sessionStorage.getItem(store) ?? "";
  #stopping = null;
  /** The last event that came, for when the stream breaks. */
  #last = null;

  get token() { return this.#token; }

  /** Keeps the token for this tab, and listens again. */
  set token(value) {
    this.#token = value;
    if (value) sessionStorage.setItem(store, value);
    else sessionStorage.removeItem(store);
    if (this.#stopping) this.listen();
  }

  get(path) { return this.#ask("GET", path); }
  post(path, body = {}) { return this.#ask("POST", path, body); }
  put(path, body) { return this.#ask("PUT", path, body); }
  patch(path, body) { return this.#ask("PATCH", path, body); }
  delete(path) { return this.#ask("DELETE", path); }

  #headers() { return this.#token ? { Authorization: `Bearer ${this.#token}` } : {}; }

  async #ask(method, path, body) {
    const headers = this.#headers();
    if (body !== undefined) headers["Content-Type"] = "application/json";
    let response;
    try {
      const sent = body && JSON.stringify(body);
      response = await fetch(`/api/v1/${path}`, { method, headers, body: sent, cache: "no-store" });
    } catch {
      throw new APIError(0, "network");
    }
    if (response.status === 204 || response.status === 202) return null;
    const content = await response.json().catch(() => ({}));
    if (!response.ok) throw new APIError(response.status, content.detail ?? response.statusText, content.field);
    return content;
  }

  /** Follows the event stream until `close`; comes back by itself when it breaks. */
  listen() {
    this.#stopping?.abort();
    this.#stopping = new AbortController();
    this.#follow(this.#stopping.signal);
  }

  close() {
    this.#stopping?.abort();
    this.#stopping = null;
  }

  async #follow(signal) {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        const headers = this.#headers();
        if (this.#last !== null) headers["Last-Event-ID"] = String(this.#last);
        const response = await fetch("/api/v1/events", { headers, signal, cache: "no-store" });
        if (response.status === 401 || response.status === 403) return this.#tell("state", "refused");
        if (response.ok) {
          this.#tell("state", "live");
          attempt = 0;
          await this.#read(response.body.pipeThrough(new TextDecoderStream()).getReader());
        }
      } catch {
        // Broken or aborted: the loop says which.
      }
      if (signal.aborted) return;
      this.#tell("state", "lost");
      await new Promise((resume) => setTimeout(resume, retryDelays[Math.min(attempt, retryDelays.length - 1)]));
    }
  }

  async #read(reader) {
    let held = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      held += value;
      const messages = held.split("\n\n");
      held = messages.pop();
      for (const message of messages) {
        const lines = message.split("\n").filter((line) => line.startsWith("data: "));
        const data = lines.map((line) => line.slice(6)).join("\n");
        if (!data) continue;
        const event = JSON.parse(data);
        this.#last = event.id;
        this.#tell("event", event);
      }
    }
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
