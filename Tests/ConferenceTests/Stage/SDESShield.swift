import Conference
import Primitives
import RTP
import SecureRTP

/// A phone's SRTP with keys from session descriptions.
final class SDESShield {
  private var outgoing: SRTPContext
  private var incoming: SRTPContext
  private(set) var rejected = 0

  /// What the phone sends with, and what it expects.
  let send: SDESKeys
  let receive: SDESKeys

  init(_ profile: SRTPProfile, seed: UInt64) throws {
    var random = RandomSource.seeded(seed)
    send = SDESKeys(profile: profile, keys: SRTPKeys(profile: profile, using: &random))
    receive = SDESKeys(profile: profile, keys: SRTPKeys(profile: profile, using: &random))
    outgoing = try SRTPContext(profile: profile, keys: send.keys, direction: .outgoing)
    incoming = try SRTPContext(profile: profile, keys: receive.keys, direction: .incoming)
  }

  /// The server's view.
  var security: MediaSecurity { .sdes(send: receive, receive: send) }

  func protect(_ packet: [UInt8]) -> [UInt8]? {
    var octets = packet + [UInt8](repeating: 0, count: 20)
    var count: Int?
    do {
      var span = octets.mutableSpan
      count = try? outgoing.protect(rtp: &span, count: packet.count)
    }
    return count.map { Array(octets[..<$0]) }
  }

  func unprotect(_ datagram: Span<UInt8>) -> [UInt8]? {
    var octets: [UInt8] = []
    for index in datagram.indices { octets.append(datagram[index]) }
    var plain: Int?
    do {
      var span = octets.mutableSpan
      let count = span.count
      plain =
        PacketKind.classify(datagram) == .rtcp
        ? try? incoming.unprotect(rtcp: &span, count: count) : try? incoming.unprotect(rtp: &span, count: count)
    }
    guard let plain else {
      rejected += 1
      return nil
    }
    return Array(octets[..<plain])
  }
}
