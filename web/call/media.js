// The microphone, the peer connection and what is heard: one for each call. Pictures are a matter of `../video/`.

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

/** The microphone or the camera, each failure with its code. */
export async function capture(constraints) {
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
 * Events: `broken` when nothing gets through and a new offer with `restart` is wanted; `track` when there is another
 * picture.
 */
export class Media extends EventTarget {
  #connection = null;
  #local = null;
  #iceServers;
  #player;
  #timer = null;
  /** What each section was before the call was held. */
  #directions = new Map();

  /** `player`: an audio or video element that plays what is heard. */
  constructor(player, iceServers = []) {
    super();
    this.#player = player;
    this.#iceServers = iceServers;
  }

  /** Asks for the microphone. */
  async open() {
    this.#local = await capture({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    const connection = new RTCPeerConnection({ iceServers: this.#iceServers, bundlePolicy: "max-bundle" });
    this.#connection = connection;
    connection.addEventListener("track", ({ track }) => {
      // The voice is one mix. Each picture is shown by who wants to.
      if (track.kind === "video") return this.dispatchEvent(new Event("track"));
      this.#player.srcObject = new MediaStream([track]);
      this.#player.play?.()?.catch(() => {});
    });
    connection.addEventListener("connectionstatechange", () => {
      clearTimeout(this.#timer);
      const wait = { failed: 0, disconnected: patience }[connection.connectionState];
      if (wait !== undefined) this.#timer = setTimeout(() => this.dispatchEvent(new Event("broken")), wait);
    });
    for (const track of this.#local.getTracks()) connection.addTrack(track, this.#local);
  }

  /** The local microphone's stream, for a meter. */
  get local() { return this.#local; }
  get state() { return this.#connection?.connectionState ?? "closed"; }

  /** The peer connection, for pictures; null before and after the call. */
  get connection() { return this.#connection; }

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
      if (transceiver.direction === "stopped") continue;
      if (isHeld && !this.#directions.has(transceiver)) this.#directions.set(transceiver, transceiver.direction);
      transceiver.direction = isHeld ? "inactive" : this.#directions.get(transceiver) ?? transceiver.direction;
    }
    if (!isHeld) this.#directions.clear();
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
