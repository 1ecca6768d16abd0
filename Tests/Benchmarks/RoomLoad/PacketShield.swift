import Conference
import Primitives
import SecureRTP

/// A sender's SRTP, with keys as session descriptions give them.
final class PacketShield {
  private var outgoing: SRTPContext
  /// The leg's side of it.
  let security: MediaSecurity

  init?(_ profile: SRTPProfile, seed: UInt64) {
    var random = RandomSource.seeded(seed)
    let ours = SRTPKeys(profile: profile, using: &random)
    let theirs = SRTPKeys(profile: profile, using: &random)
    do throws(SRTPError) {
      outgoing = try SRTPContext(profile: profile, keys: ours, direction: .outgoing)
    } catch {
      return nil
    }
    security = .sdes(
      send: SDESKeys(profile: profile, keys: theirs), receive: SDESKeys(profile: profile, keys: ours))
  }

  /// Protects the packet in the first `count` octets; returns its octets.
  func protect(_ packet: inout [UInt8], count: Int) -> Int {
    var span = packet.mutableSpan
    return (try? outgoing.protect(rtp: &span, count: count)) ?? 0
  }
}
