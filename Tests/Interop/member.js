// A member of a room that shows its camera and sees others, made of the server's own modules: what tests of video put into
// a page. `member.seen()` tells of each picture that comes: its size, frames decoded, and its middle's colour.

window.member = {
  async join(room, { layers = 1, views = 0, shows = true, width = 640, height = 360,
    name = "Member" } = {}) {
    this.name = name;
    const { SIPClient } = await import("/call/client.js");
    const { SIPCall } = await import("/call/sip-call.js");
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width, height, frameRate: 15 } });
    const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    this.peer = peer;
    this.stream = stream;
    this.pictures = [];
    peer.addEventListener("track", ({ track, receiver }) => {
      if (track.kind !== "video") return;
      const element = document.createElement("video");
      Object.assign(element, { muted: true, autoplay: true, playsInline: true, srcObject: new MediaStream([track]) });
      document.body.append(element);
      element.play().catch(() => {});
      this.pictures.push({ element, track, receiver });
    });
    peer.addTrack(stream.getAudioTracks()[0], stream);
    const rids = ["l", "m", "h"].slice(3 - layers);
    const sendEncodings = layers === 1 ? [{}]
      : rids.map((rid, index) => ({ rid, scaleResolutionDownBy: 2 ** (layers - 1 - index) }));
    this.camera = peer.addTransceiver(stream.getVideoTracks()[0], {
      direction: shows ? "sendrecv" : "recvonly", streams: [stream], sendEncodings });
    for (let view = 0; view < views; view += 1) peer.addTransceiver("video", { direction: "recvonly" });
    const url = new URL("/sip", location.href);
    url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
    const client = new SIPClient({ url: url.href, uri: "sip:member@anonymous.invalid", name });
    await client.connect();
    this.call = new SIPCall(client, `sip:${room}@${location.hostname}`);
    const answer = await this.call.invite(await this.offer());
    if (!answer) throw new Error("refused");
    this.answer = answer;
    await peer.setRemoteDescription({ type: "answer", sdp: answer });
  },

  async offer() {
    await this.peer.setLocalDescription(await this.peer.createOffer());
    while (this.peer.iceGatheringState !== "complete") await new Promise((resume) => setTimeout(resume, 20));
    return this.peer.localDescription.sdp;
  },

  async renegotiate() {
    this.answer = await this.call.reinvite(await this.offer());
    await this.peer.setRemoteDescription({ type: "answer", sdp: this.answer });
  },

  async stats(type) {
    const found = [];
    for (const report of (await this.peer.getStats()).values()) {
      if (report.type === type && report.kind === "video") found.push(report);
    }
    return found;
  },

  async seen() {
    const reports = await this.stats("inbound-rtp");
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [16, 16];
    const context = canvas.getContext("2d", { willReadFrequently: true });
    return this.pictures.map(({ element, track, receiver }) => {
      const report = reports.find(({ trackIdentifier }) => trackIdentifier === track.id);
      const frames = report?.framesDecoded ?? 0;
      context.clearRect(0, 0, 16, 16);
      if (frames > 0) context.drawImage(element, 0, 0, 16, 16);
      const [red, green, blue] = context.getImageData(8, 8, 1, 1).data;
      const [source] = receiver.getContributingSources().sort((a, b) => b.timestamp - a.timestamp);
      return { frames, whose: source?.source ?? null, width: element.videoWidth, height: element.videoHeight,
        colour: [red, green, blue],
        freezes: report?.totalFreezesDuration ?? 0, lost: report?.packetsLost ?? 0, nacks: report?.nackCount ?? 0,
        repaired: report?.retransmittedPacketsReceived ?? 0, bytes: report?.bytesReceived ?? 0 };
    });
  },

  /** The longest time without a new frame of any picture within some seconds, in milliseconds. */
  async standstill(seconds) {
    const [start, last] = [performance.now(), new Map()];
    let longest = 0;
    while (performance.now() - start < seconds * 1000) {
      for (const { id, framesDecoded } of await this.stats("inbound-rtp")) {
        const now = performance.now();
        const before = last.get(id) ?? { at: now };
        longest = Math.max(longest, now - before.at);
        if (before.framesDecoded !== framesDecoded) last.set(id, { framesDecoded, at: now });
      }
      await new Promise((resume) => setTimeout(resume, 40));
    }
    return longest;
  },

  leave() {
    this.call?.hangUp();
    this.peer?.close();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
  },
};
