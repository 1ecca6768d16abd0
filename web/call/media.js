// The microphone, the peer connection and what is heard: one for each call.

/**
 * Why there is no media: `code` is "insecure", "denied", "missing", "busy", or "nomedia" where nothing is agreed on.
 */
export class MediaError extends Error {
  constructor(code, cause) {
    super(code, { cause });
    this.code = code;
  }
}

/** Host candidates are here at once; one that is not after this is not waited for. */
const gatheringTime = 500;
/** A connection may come back by itself for so long. */
const patience = 2500;

/** The microphone (and camera), each failure with its code. */
async function capture(constraints) {
  if (!globalThis.isSecureContext || !navigator.mediaDevices) throw new MediaError("insecure");
  try {
    return await navigator.mediaDevices.getUserMedia(constraints);
  } catch (error) {
    const codes = {
      NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "missing", OverconstrainedError: "missing",
      NotReadableError: "busy", AbortError: "busy",
    };
    throw new MediaError(codes[error.name] ?? "missing", error);
  }
}

/**
 * Events: `broken` when nothing gets through and a new offer with `restart` is wanted; `video` when a picture comes or
 * goes.
 */
export class Media extends EventTarget {
  #connection = null;
  #local = null;
  #iceServers;
  #player;
  #timer = null;

  /** `player`: an audio or video element that plays what is heard. */
  constructor(player, iceServers = []) {
    super();
    this.#player = player;
    this.#iceServers = iceServers;
  }

  /** Asks for the microphone; with `video` for the camera too, and goes on without it where there is none. */
  async open({ video = false } = {}) {
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    try {
      this.#local = await capture({ audio, video });
    } catch (error) {
      if (!video) throw error;
      this.#local = await capture({ audio });
    }
    const connection = new RTCPeerConnection({ iceServers: this.#iceServers, bundlePolicy: "max-bundle" });
    this.#connection = connection;
    connection.addEventListener("track", ({ track, streams }) => {
      // The voice is one mix; each picture is a stream of its own.
      const [others, stream] = [this.#player.srcObject?.getTracks() ?? [], streams[0]];
      const isWhole = stream && others.every((other) => stream.getTracks().includes(other));
      if (isWhole) this.#player.srcObject = stream;
      else if (!others.includes(track)) this.#player.srcObject = new MediaStream([...others, track]);
      this.#player.play?.()?.catch(() => {});
      for (const name of ["mute", "unmute"]) track.addEventListener(name, () => this.dispatchEvent(new Event("video")));
      this.dispatchEvent(new Event("video"));
    });
    connection.addEventListener("connectionstatechange", () => {
      clearTimeout(this.#timer);
      const wait = { failed: 0, disconnected: patience }[connection.connectionState];
      if (wait !== undefined) this.#timer = setTimeout(() => this.dispatchEvent(new Event("broken")), wait);
    });
    for (const track of this.#local.getTracks()) connection.addTrack(track, this.#local);
    const hasCamera = this.#local.getVideoTracks().length > 0;
    if (video && !hasCamera) connection.addTransceiver("video", { direction: "recvonly" });
  }

  /** The local microphone's stream, for a meter. */
  get local() { return this.#local; }
  get state() { return this.#connection?.connectionState ?? "closed"; }

  get showsVideo() {
    const tracks = this.#player.srcObject?.getVideoTracks() ?? [];
    return tracks.some((track) => track.readyState === "live" && !track.muted);
  }

  /** An offer with all candidates that came in time. */
  async offer({ restart = false } = {}) {
    await this.#connection.setLocalDescription(await this.#connection.createOffer({ iceRestart: restart }));
    return await this.#described();
  }

  async accept(answer) { await this.#connection.setRemoteDescription({ type: "answer", sdp: answer }); }

  /** Takes the offer back that was refused. */
  async rollback() {
    if (this.#connection?.signalingState !== "have-local-offer") return;
    await this.#connection.setLocalDescription({ type: "rollback" });
  }

  /** The answer to an offer. An empty one gets an offer of ours (RFC 3261, section 13.2.1). */
  async answer(offer) {
    await this.#connection.setRemoteDescription({ type: "offer", sdp: offer });
    await this.#connection.setLocalDescription(await this.#connection.createAnswer());
    return await this.#described();
  }

  async #described() {
    const connection = this.#connection;
    if (connection.iceGatheringState !== "complete") {
      await new Promise((resolve) => {
        setTimeout(resolve, gatheringTime);
        connection.addEventListener("icegatheringstatechange", () => {
          if (connection.iceGatheringState === "complete") resolve();
        });
      });
    }
    return connection.localDescription.sdp;
  }

  mute(isMuted) {
    for (const track of this.#local?.getAudioTracks() ?? []) track.enabled = !isMuted;
  }

  /** On hold nothing is sent and nothing heard; a new offer tells the peer. */
  hold(isHeld) {
    for (const transceiver of this.#connection?.getTransceivers() ?? []) {
      if (transceiver.direction !== "stopped") transceiver.direction = isHeld ? "inactive" : "sendrecv";
    }
  }

  /** What of the peer's voice was lost lately, 0 to 1, and its delay in milliseconds; null where nothing is known. */
  async quality() {
    const stats = await this.#connection?.getStats();
    let quality = null;
    stats?.forEach((report) => {
      if (report.type !== "inbound-rtp" || report.kind !== "audio") return;
      const all = report.packetsReceived + report.packetsLost;
      quality = { ...quality, received: report.packetsReceived, lost: all > 0 ? report.packetsLost / all : 0,
        jitter: Math.round(report.jitter * 1000) };
    });
    stats?.forEach((report) => {
      if (!quality || report.type !== "candidate-pair" || !report.nominated) return;
      if (report.currentRoundTripTime >= 0) quality.roundTrip = Math.round(report.currentRoundTripTime * 1000);
    });
    return quality;
  }

  close() {
    clearTimeout(this.#timer);
    for (const track of this.#local?.getTracks() ?? []) track.stop();
    this.#connection?.close();
    this.#player.srcObject = null;
    this.#connection = this.#local = null;
  }
}
