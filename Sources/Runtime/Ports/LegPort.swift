/// Where a leg's datagrams come in and go out.
enum LegPort: Sendable {
  case own(LegSockets)
  /// A browser's, with others.
  case shared(SharedPort)

  /// Both legs send by the same socket.
  func isShared(with other: LegPort?) -> Bool {
    if case .shared(let port) = self, case .shared(let otherPort)? = other { port === otherPort } else { false }
  }
}
