// Makes a user reachable over this connection: REGISTER of RFC 3261, section 10, with the instance of RFC 5626.

const expires = 600;
const retryInterval = 10000;

/** Events: `state` (detail: { state, status, reason }) with "registered", "refused", "lost". */
export class Registration extends EventTarget {
  #client;
  #timer = null;
  #request;
  #number = 0;
  #instance = crypto.randomUUID();

  constructor(client) {
    super();
    this.#client = client;
    client.keeps = true;
    client.addEventListener("up", () => this.register());
    client.addEventListener("down", () => this.#tell("lost"));
  }

  async register(seconds = expires) {
    clearTimeout(this.#timer);
    const client = this.#client;
    const registrar = `sip:${client.uri.split("@")[1]}`;
    const send = (more = []) => {
      const request = client.compose("REGISTER", registrar, [
        ["Contact", `${client.contact};+sip.instance="<urn:uuid:${this.#instance}>";reg-id=1;expires=${seconds}`],
        ["Supported", "outbound, path"], ["Expires", seconds], ...more,
      ]);
      // One Call-ID and tag for all of them, counted up; the user is registered by itself.
      this.#request ??= request;
      this.#number += 1;
      const replaced = {
        "Call-ID": this.#request.get("Call-ID"), From: this.#request.get("From"), To: `<${client.uri}>`,
        CSeq: `${this.#number} REGISTER`,
      };
      request.headers = request.headers.map(([name, value]) => [name, replaced[name] ?? value]);
      return client.request(request).then((response) => ({ request, response }));
    };
    try {
      let { request, response } = await send();
      if (response.status === 401 || response.status === 407) {
        const more = await client.authorize(response, request);
        if (more) ({ response } = await send([more]));
      }
      if (response.status >= 300) return this.#tell("refused", response.status, response.reason);
      if (seconds === 0) return;
      this.#tell("registered");
      this.#timer = setTimeout(() => this.register(), expires * 800);
    } catch {
      this.#tell("lost");
      this.#timer = setTimeout(() => this.register(), retryInterval);
    }
  }

  async end() {
    clearTimeout(this.#timer);
    this.#client.keeps = false;
    if (this.#client.isUp) await this.register(0);
    this.#client.close();
  }

  #tell(state, status = 0, reason = "") {
    this.dispatchEvent(new CustomEvent("state", { detail: { state, status, reason } }));
  }
}
