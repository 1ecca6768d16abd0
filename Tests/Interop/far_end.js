// Put into a page before its scripts: a WebSocket whose far end is a SIP user agent with real media in the same page,
// so that the pages' whole way of a call can be seen without a server. `farEnd` says what came, and can call, hang up,
// hold and break.

window.farEnd = {
  requests: [], peer: null, sockets: [], invite: null, number: 100,

  field(text, name) { return new RegExp(`^${name}: (.*)$`, "im").exec(text)?.[1].trim(); },
  body(text) { return text.slice(text.indexOf("\r\n\r\n") + 4); },
  send(text) { this.sockets.at(-1).dispatchEvent(Object.assign(new Event("message"), { data: text })); },

  respond(request, status, more = "", body = "") {
    const to = this.field(request, "To");
    this.send([
      `SIP/2.0 ${status} Reason`, `Via: ${this.field(request, "Via")}`, `From: ${this.field(request, "From")}`,
      `To: ${to.includes(";tag=") ? to : `${to};tag=far`}`, `Call-ID: ${this.field(request, "Call-ID")}`,
      `CSeq: ${this.field(request, "CSeq")}`, "Contact: <sip:support@far.example>", ...(more ? [more] : []), "", body,
    ].join("\r\n"));
  },

  ask(method, type = "", body = "") {
    this.number += 1;
    this.send([
      `${method} sip:x@y.invalid SIP/2.0`, `Via: SIP/2.0/WS far;branch=z9hG4bK${this.number}`,
      `From: ${this.field(this.invite, "To")};tag=far`, `To: ${this.field(this.invite, "From")}`,
      `Call-ID: ${this.field(this.invite, "Call-ID")}`, `CSeq: ${this.number} ${method}`,
      ...(type ? [`Content-Type: ${type}`] : []),
      "", body,
    ].join("\r\n"));
  },

  /** Rings at the page, with a customer. */
  async ring() {
    this.peer = this.newPeer();
    await this.peer.setLocalDescription(await this.peer.createOffer());
    await this.gathered();
    this.send([
      "INVITE sip:x@y.invalid SIP/2.0", "Via: SIP/2.0/WS far;branch=z9hG4bKring",
      'From: "Shop" <sip:shop@far.example>;tag=far', "To: <sip:agent@far.example>", "Call-ID: ring-1",
      "CSeq: 1 INVITE", "Contact: <sip:shop@far.example>",
      "X-Call-Customer: Juliana%20Weber", "X-Call-Order: 4711", "X-Call-Page: x", "X-Call-Signed: customer,order",
      "Content-Type: application/sdp", "",
      this.peer.localDescription.sdp,
    ].join("\r\n"));
  },

  newPeer() {
    const peer = new RTCPeerConnection();
    const context = new AudioContext();
    const [tone, out] = [context.createOscillator(), context.createMediaStreamDestination()];
    tone.connect(out);
    tone.start();
    peer.addTrack(out.stream.getAudioTracks()[0], out.stream);
    peer.addEventListener("track", ({ streams: [stream] }) => {
      // A stream flows into the analyser only while an element plays it.
      const element = Object.assign(new Audio(), { srcObject: stream, muted: true });
      element.play();
      this.meter = context.createAnalyser();
      context.createMediaStreamSource(stream).connect(this.meter);
    });
    return peer;
  },

  async gathered() {
    while (this.peer.iceGatheringState !== "complete") await new Promise((resume) => setTimeout(resume, 20));
  },

  async answer(invite) {
    this.peer ??= this.newPeer();
    await this.peer.setRemoteDescription({ type: "offer", sdp: this.body(invite) });
    await this.peer.setLocalDescription(await this.peer.createAnswer());
    await this.gathered();
    this.respond(invite, 200, "Content-Type: application/sdp", this.peer.localDescription.sdp);
  },

  async receive(text) {
    this.requests.push(text);
    const method = text.split(" ")[0];
    if (method === "INVITE") {
      const isFirst = !this.field(text, "To").includes(";tag=");
      if (isFirst) {
        this.invite = text;
        this.respond(text, 180);
      }
      await this.answer(text);
    } else if (text.startsWith("SIP/2.0 200") && this.field(text, "CSeq").endsWith("INVITE")) {
      if (this.peer.signalingState === "have-local-offer") {
        await this.peer.setRemoteDescription({ type: "answer", sdp: this.body(text) });
      }
    } else if (method !== "ACK" && method !== "SIP/2.0") {
      this.respond(text, 200);
    }
  },

  /** Octets of voice that came from the page. */
  async heard() {
    let octets = 0;
    for (const report of (await this.peer.getStats()).values()) {
      if (report.type === "inbound-rtp") octets += report.bytesReceived;
    }
    return octets;
  },

  /** The highest sample that came from the page in 1.3 s: the browser's microphone of tests beeps once a second. */
  async peak() {
    const samples = new Float32Array(this.meter.fftSize);
    let peak = 0;
    for (let time = 0; time < 1300; time += 20) {
      this.meter.getFloatTimeDomainData(samples);
      for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
      await new Promise((resume) => setTimeout(resume, 20));
    }
    return peak;
  },
};

window.WebSocket = class extends EventTarget {
  readyState = 0;
  constructor(url) {
    super();
    this.url = url;
    farEnd.sockets.push(this);
    setTimeout(() => {
      this.readyState = 1;
      this.dispatchEvent(new Event("open"));
    }, 10);
  }
  send(text) { setTimeout(() => farEnd.receive(text), 5); }
  close() {
    if (this.readyState === 3) return;
    this.readyState = 3;
    setTimeout(() => this.dispatchEvent(new Event("close")), 5);
  }
};
