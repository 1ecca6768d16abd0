import SecureRTP

/// The SRTP contexts of a leg, one each way; RFC 3711. An object, because contexts cannot be copied and legs are values.
///
/// Where keys are missing nothing goes through: it fails closed.
final class SRTPPair {
  /// What protection makes a packet longer at most, in octets: the longest tag and the index of SRTCP.
  static let maximumOverhead = 20

  private var outgoing: SRTPContext?
  private var incoming: SRTPContext?
  private var sending: SDESKeys?
  private var receiving: SDESKeys?

  /// With the keys that a DTLS handshake made.
  init(_ session: SRTPSession) throws(SRTPError) {
    outgoing = try SRTPContext(profile: session.profile, keys: session.outgoing, direction: .outgoing)
    incoming = try SRTPContext(profile: session.profile, keys: session.incoming, direction: .incoming)
  }

  /// With the keys of session descriptions.
  init(send: SDESKeys, receive: SDESKeys) { adopt(send: send, receive: receive) }

  /// Keys agreed anew. The same ones go on where they are: a context that began anew would use key stream twice.
  func adopt(send: SDESKeys, receive: SDESKeys) {
    if sending != send {
      outgoing = try? SRTPContext(profile: send.profile, keys: send.keys, direction: .outgoing)
      sending = send
    }
    if receiving != receive {
      incoming = try? SRTPContext(profile: receive.profile, keys: receive.keys, direction: .incoming)
      receiving = receive
    }
  }

  /// Protects the packet in the first `count` octets in place. Returns its octets, nil if it must not be sent.
  func protect(rtp packet: inout MutableSpan<UInt8>, count: Int) -> Int? {
    try? outgoing?.protect(rtp: &packet, count: count)
  }

  func protect(rtcp packet: inout MutableSpan<UInt8>, count: Int) -> Int? {
    try? outgoing?.protect(rtcp: &packet, count: count)
  }

  /// Copies a packet to the start of `scratch` and decrypts it there. Returns the plain packet's octets, nil if it is not
  /// authentic or was here before.
  func unprotect(rtp datagram: Span<UInt8>, into scratch: inout [UInt8]) -> Int? {
    guard datagram.count <= scratch.count else { return nil }
    var packet = scratch.mutableSpan
    Self.copy(datagram, into: &packet)
    return try? incoming?.unprotect(rtp: &packet, count: datagram.count)
  }

  func unprotect(rtcp datagram: Span<UInt8>, into scratch: inout [UInt8]) -> Int? {
    guard datagram.count <= scratch.count else { return nil }
    var packet = scratch.mutableSpan
    Self.copy(datagram, into: &packet)
    return try? incoming?.unprotect(rtcp: &packet, count: datagram.count)
  }

  @inline(__always) private static func copy(_ octets: Span<UInt8>, into target: inout MutableSpan<UInt8>) {
    let count = min(octets.count, target.count)
    for index in 0..<count { target[index] = octets[index] }
  }
}
