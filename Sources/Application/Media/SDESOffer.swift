import Primitives
import SDP
import SecureRTP

/// The keys that a call of ours would send with, one for each suite (RFC 4568): made with the call, told only to a peer that tells
/// its own.
struct SDESOffer: Hashable, Sendable {
  private let keys: [SRTPProfile: SRTPKeys]

  init(using random: inout RandomSource) {
    var keys: [SRTPProfile: SRTPKeys] = [:]
    for profile in SRTPProfile.allCases { keys[profile] = SRTPKeys(profile: profile, using: &random) }
    self.keys = keys
  }

  /// Our line for an offer of `RTP/SAVP`; nil for other transports, and if none of the offer's lines can be used.
  func answer(to offer: SessionDescription) -> SDESCrypto? {
    guard let section = offer.media.first(where: { $0.media == "audio" && $0.port != 0 }),
      ["RTP/SAVP", "RTP/SAVPF"].contains(section.transport),
      let chosen = SDESCrypto.choose(section.crypto, allowing: Set(SRTPProfile.allCases)),
      let own = keys[chosen.profile]
    else { return nil }
    return SDESCrypto(tag: chosen.tag, profile: chosen.profile, keys: own)
  }
}
