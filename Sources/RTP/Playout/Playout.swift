/// What the jitter buffer has for the moment that is to be played next.
package enum Playout: Hashable, Sendable {
  /// Decode this packet.
  case packet(JitterSlot)
  /// One packet's time is missing: conceal it. `next` is the packet right after it, if it has come: it may carry a
  /// copy of the missing one (Opus in-band FEC).
  case lost(next: JitterSlot?)
  /// Nothing is expected: the sender pauses (DTX, hold, DTMF).
  case gap
  /// Before the first packet, or one is missing that may still come: bridge a frame, nothing is taken from the stream.
  case waiting
}
