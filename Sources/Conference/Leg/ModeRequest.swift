import Codecs
import Primitives

/// The AMR mode that a peer wants to get (CMR; RFC 4867, section 4.3.1), which each of its payloads says anew.
struct ModeRequest: Sendable {
  /// Nanoseconds between two changes at least. A change may cost the listener a fork of a shared encoder, and a packet that was
  /// overtaken asks for what is no longer wanted.
  static let patience: Int64 = 100_000_000

  private(set) var wanted = AMRModeRequest.best
  private var changed: Instant?

  /// Takes a payload that the peer sent in `format`, while it gets `sent`; true if it wants something else now.
  mutating func receive(
    _ payload: Span<UInt8>, in format: CodecFormat, sent: CodecFormat, at now: Instant
  ) -> Bool {
    guard format.codec == sent.codec, case .amr(let own) = format.parameters, case .amr(let peers) = sent.parameters,
      let band = AMRBand(sampleRate: format.sampleRate),
      let payload = AMRPayload(payload, band: band, octetAligned: own.octetAligned),
      let request = AMRModeRequest(payload.request, band: band, parameters: peers), request != wanted
    else { return false }
    if let changed, now.nanoseconds(since: changed) < Self.patience { return false }
    changed = now
    wanted = request
    return true
  }
}
