import Primitives

/// A way between us and the peer, seen from our one local candidate of its transport: RFC 8445, section 6.1.2.
package struct CandidatePair: Hashable, Sendable, Codable {
  /// Where the peer's packets come from, and ours go to; for TCP it names the connection.
  package var remote: TransportAddress
  package var transport: ICETransport

  package init(_ remote: TransportAddress, over transport: ICETransport = .udp) {
    self.remote = remote
    self.transport = transport
  }

  /// RFC 8445, section 6.1.2.3: `controlling` and `controlled` are the priorities of the two agents' candidates, at most
  /// 2³¹ − 1.
  package static func priority(controlling: UInt32, controlled: UInt32) -> UInt64 {
    let largest: UInt32 = 0x7FFF_FFFF
    let (ours, theirs) = (min(controlled, largest), min(controlling, largest))
    return UInt64(min(theirs, ours)) << 32 &+ UInt64(max(theirs, ours)) &* 2 &+ (theirs > ours ? 1 : 0)
  }
}

extension CandidatePair: CustomStringConvertible {
  package var description: String { "\(transport.rawValue) \(remote)" }
}
