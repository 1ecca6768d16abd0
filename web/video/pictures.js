// The pictures of a call: what we show, and the sections in which others are shown.

import { capture } from "../call/media.js";

/** Others who are seen at a time at most; of more, those who spoke last. */
export const maximumViews = 6;
const shape = { width: { ideal: 960 }, height: { ideal: 540 }, frameRate: { ideal: 24 } };
/** The smallest first: the server chooses for each watcher. */
const layers = [
  { rid: "l", scaleResolutionDownBy: 4 }, { rid: "m", scaleResolutionDownBy: 2 },
  { rid: "h", scaleResolutionDownBy: 1 },
];
/** Milliseconds after which a picture that brings nothing new counts as standing. */
const patience = 3000;

/** Event: `change` when what is shown, by us or to us, is another. */
export class Pictures extends EventTarget {
  /** What we show: "camera", "screen", or null. */
  source = null;
  /** What we show, as a stream; null if nothing. */
  stream = null;
  #call;
  #sender = null;
  #work = Promise.resolve();
  /** Of each section: whose picture it brings, and when it last brought something. */
  #seen = new Map();
  #reports = new Map();

  /** `call` is a PhoneCall that is connected. */
  constructor(call) {
    super();
    this.#call = call;
    call.media.addEventListener("track", () => this.#tell());
  }

  get #connection() { return this.#call.media.connection; }

  /** The sections that bring pictures. */
  get views() {
    return (this.#connection?.getTransceivers() ?? []).filter(({ receiver, currentDirection }) =>
      receiver.track?.kind === "video" && ["sendrecv", "recvonly"].includes(currentDirection));
  }

  /** Makes room for the pictures of so many. */
  wantViews(count) {
    return this.#next(async () => {
      const videos = this.#connection.getTransceivers().filter(({ receiver, direction }) =>
        receiver.track?.kind === "video" && direction !== "stopped");
      const missing = Math.min(count, maximumViews) - videos.length;
      // Those of an offer that was taken back have no place yet.
      if (missing <= 0 && videos.every(({ mid }) => mid !== null)) return;
      for (let view = 0; view < missing; view += 1) this.#connection.addTransceiver("video", { direction: "recvonly" });
      await this.#call.renew();
    });
  }

  /**
   * Shows "camera", "screen", or nothing with null; false if the other side takes no pictures. `device` chooses among
   * several cameras. Throws a MediaError where there is no camera, and what the browser says where there is no screen.
   */
  show(source, device) {
    return this.#next(async () => {
      // On hold nothing is sent.
      if (source && this.#call.isHeld) return false;
      const stream = source ? await this.#open(source, device) : null;
      this.#close();
      [this.source, this.stream] = [source, stream];
      const [track] = stream?.getVideoTracks() ?? [null];
      track?.addEventListener("ended", () => { if (this.stream === stream) this.show(null); });
      let isAgreed = false;
      try {
        // The call may have ended while somebody was asked for leave.
        isAgreed = this.#connection !== null && await this.#send(track, stream);
      } finally {
        if (!isAgreed) {
          this.#close();
          [this.source, this.stream] = [null, null];
        }
      }
      this.#tell();
      return isAgreed;
    });
  }

  async #open(source, device) {
    if (source === "camera") {
      return await capture({ video: device ? { ...shape, deviceId: { exact: device } } : shape });
    }
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false });
    for (const track of stream.getVideoTracks()) track.contentHint = "detail";
    return stream;
  }

  async #send(track, stream) {
    if (!this.#sender) {
      if (!track) return true;
      this.#sender = this.#connection.addTransceiver(
        track, { direction: "sendrecv", streams: [stream], sendEncodings: layers });
      if (await this.#call.renew() && this.#sender.currentDirection === "sendrecv") return true;
      // It would be offered again and again, and take the place of the next one.
      if (this.#connection && this.#sender.direction !== "stopped") this.#sender.stop();
      this.#sender = null;
      return false;
    }
    await this.#sender.sender.replaceTrack(track);
    const direction = track ? "sendrecv" : "recvonly";
    if (this.#sender.direction === direction) return true;
    this.#sender.direction = direction;
    return await this.#call.renew();
  }

  #close() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
  }

  /** Whose picture a section brings, and whether it stands; null if nobody's. To be asked several times a second. */
  whose(view) {
    const newest = latest(view.receiver);
    const former = this.#seen.get(view);
    if (newest && (former?.number !== newest.source || former.timestamp !== newest.timestamp)) {
      this.#seen.set(view, { number: newest.source, timestamp: newest.timestamp, at: performance.now() });
    }
    const seen = this.#seen.get(view);
    return seen ? { number: seen.number, stands: performance.now() - seen.at > patience } : null;
  }

  /** Who speaks; null while that is not known. */
  speaker() {
    const receiver = this.#connection?.getReceivers().find(({ track }) => track?.kind === "audio");
    return (receiver && latest(receiver)?.source) ?? null;
  }

  /** How each section's picture came since the last call: "good", "fair" or "poor"; by section. */
  async quality() {
    const found = new Map();
    for (const view of this.views) {
      let report = null;
      (await view.receiver.getStats()).forEach((one) => { if (one.type === "inbound-rtp") report = one; });
      const before = this.#reports.get(view);
      if (report) this.#reports.set(view, report);
      if (before && report) found.set(view, grade(before, report));
    }
    return found;
  }

  end() {
    this.#close();
    [this.source, this.stream] = [null, null];
  }

  /** One change at a time: each needs an answer of the other side. */
  #next(work) {
    const done = this.#work.then(async () => (this.#connection ? await work() : false));
    this.#work = done.catch(() => {});
    return done;
  }

  #tell() { this.dispatchEvent(new Event("change")); }
}

function latest(receiver) {
  let newest = null;
  for (const source of receiver.getContributingSources?.() ?? []) {
    if (source.timestamp > (newest?.timestamp ?? -Infinity)) newest = source;
  }
  return newest;
}

/** By what was lost, by stops, and by frames a second. */
export function grade(before, now) {
  const seconds = Math.max((now.timestamp - before.timestamp) / 1000, 0.001);
  const received = now.packetsReceived - before.packetsReceived;
  const lost = Math.max(now.packetsLost - before.packetsLost, 0);
  const share = received + lost > 0 ? lost / (received + lost) : 0;
  const frames = (now.framesDecoded - before.framesDecoded) / seconds;
  const stops = (now.freezeCount ?? 0) - (before.freezeCount ?? 0);
  if (stops > 0 || share > 0.05 || frames < 3) return "poor";
  return share > 0.01 || frames < 8 ? "fair" : "good";
}
