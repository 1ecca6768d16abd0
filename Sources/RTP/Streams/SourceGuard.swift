import Primitives

/// Decides whose RTP a leg takes and to whom it sends: symmetric RTP (RFC 4961) that learns once, and against RTP bleed,
/// injection and amplification; RFC 7362, section 5.
///
/// Media is expected from the address in the peer's SDP. A peer behind NAT sends from elsewhere: another port of the same host is
/// learned with its first good packet, another host after `probation` good packets in a row, both only within `learningWindow`
/// of the first packet, and only while the SDP's own address is silent. From then on nothing but a new SDP changes the address,
/// except that the SDP's own address may still take its place.
package struct SourceGuard: Sendable {
  /// Good packets in a row from another host, or of a new SSRC, before they count.
  package static let probation = 3
  /// Milliseconds from the first packet of an SDP within which an address may be learned.
  package static let learningWindow: Int64 = 5_000
  /// Packets that may go to an address that has not proved itself (THREATS: amplification).
  package static let unprovedPackets = 5

  package enum Admission: Hashable, Sendable {
    case accepted
    /// Accepted, and media goes to this address from now on.
    case learned(TransportAddress)
    case rejected
  }

  private struct Candidate: Sendable {
    var address: TransportAddress
    var ssrc: UInt32
    var count: Int
  }

  private enum State: Sendable {
    /// Nothing good has come since the SDP; `since` is when the first packet came.
    case open(since: Instant?)
    /// Media comes from here.
    case locked(TransportAddress, ssrc: UInt32)
  }

  private var state = State.open(since: nil)
  private var expectedAddress: TransportAddress?
  private var candidate: Candidate?
  private var isProved = false
  private var unprovedSent = 0
  /// Packets refused so far.
  package private(set) var rejectedCount: UInt64 = 0

  /// - Parameter expected: where the peer's SDP says that it receives RTP; nil if it says nothing usable.
  package init(expected: TransportAddress? = nil) { expectedAddress = Self.usable(expected) }

  /// A new SDP came: learning is open again. The same address keeps what it has proved.
  package mutating func expected(_ address: TransportAddress?) {
    let address = Self.usable(address)
    guard address != expectedAddress else { return }
    expectedAddress = address
    state = .open(since: nil)
    candidate = nil
    isProved = false
    unprovedSent = 0
  }

  /// Where to send: the learned address, else the SDP's.
  package var remote: TransportAddress? {
    switch state {
    case .open: expectedAddress
    case .locked(let address, _): address
    }
  }

  /// Judges an RTP packet that has parsed.
  package mutating func admit(
    from address: TransportAddress, ssrc: UInt32, payloadTypeKnown: Bool, at now: Instant
  ) -> Admission {
    guard payloadTypeKnown else { return reject() }
    switch state {
    case .open(let since):
      let opened = since ?? now
      state = .open(since: opened)
      if address == expectedAddress { return lock(address, ssrc, learned: false) }
      guard now.nanoseconds(since: opened) <= Self.learningWindow &* 1_000_000, expectedAddress != nil else {
        return reject()
      }
      let isSameHost = address.ip.unmapped == expectedAddress?.ip.unmapped
      return probe(address, ssrc, needed: isSameHost ? 1 : Self.probation)
        ? lock(address, ssrc, learned: true) : reject()
    case .locked(let locked, let current):
      if address == locked {
        if ssrc == current {
          if candidate != nil { candidate = nil }
          return .accepted
        }
        // A peer may change its SSRC; a single forged packet must not.
        return probe(address, ssrc, needed: Self.probation) ? lock(address, ssrc, learned: false) : reject()
      }
      if address == expectedAddress {
        return probe(address, ssrc, needed: Self.probation) ? lock(address, ssrc, learned: true) : reject()
      }
      return reject()
    }
  }

  /// True if `address` is where accepted RTP comes from or is expected from; RTCP is judged by its host.
  package func admitsControl(from address: TransportAddress) -> Bool {
    switch state {
    case .open: address.ip.unmapped == expectedAddress?.ip.unmapped
    case .locked(let locked, _): address.ip.unmapped == locked.ip.unmapped
    }
  }

  /// The address has shown by other means that it wants our packets (RTCP from it, SIP over the same host with our branch).
  package mutating func prove() { isProved = true }

  /// Counts a packet that is about to be sent to `remote`; false if it must not be.
  package mutating func maySend() -> Bool {
    if isProved { return true }
    guard unprovedSent < Self.unprovedPackets else { return false }
    unprovedSent &+= 1
    return true
  }

  private mutating func probe(_ address: TransportAddress, _ ssrc: UInt32, needed: Int) -> Bool {
    var next = Candidate(address: address, ssrc: ssrc, count: 1)
    if let candidate, candidate.address == address, candidate.ssrc == ssrc { next.count = candidate.count &+ 1 }
    candidate = next
    return next.count >= needed
  }

  private mutating func lock(_ address: TransportAddress, _ ssrc: UInt32, learned: Bool) -> Admission {
    state = .locked(address, ssrc: ssrc)
    candidate = nil
    isProved = true
    return learned ? .learned(address) : .accepted
  }

  private mutating func reject() -> Admission {
    rejectedCount &+= 1
    return .rejected
  }

  private static func usable(_ address: TransportAddress?) -> TransportAddress? {
    guard let address, address.port != 0, !address.ip.isUnspecified, !address.ip.isMulticast else { return nil }
    return address
  }
}
