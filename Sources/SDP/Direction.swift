/// Which way media flows, from the side of who wrote the description: RFC 8866, section 6.7, and RFC 3264, section 6.1.
package enum Direction: String, Hashable, Sendable, Codable, CaseIterable {
  case sendrecv, sendonly, recvonly, inactive

  package init(sends: Bool, receives: Bool) {
    switch (sends, receives) {
    case (true, true): self = .sendrecv
    case (true, false): self = .sendonly
    case (false, true): self = .recvonly
    case (false, false): self = .inactive
    }
  }

  package var sends: Bool { self == .sendrecv || self == .sendonly }
  package var receives: Bool { self == .sendrecv || self == .recvonly }

  /// The same flow seen from the other side.
  package var reversed: Direction { Direction(sends: receives, receives: sends) }

  package func limited(to other: Direction) -> Direction {
    Direction(sends: sends && other.sends, receives: receives && other.receives)
  }
}
