import CLinux

/// One non-blocking TCP connection; closed when the value ends.
struct TCPSocket: ~Copyable, Sendable {
  /// What became of a call to the kernel.
  enum Outcome: Hashable {
    case octets(Int)
    /// Nothing is there, or nothing can be taken now.
    case later
    /// The peer has ended the connection, or it broke.
    case ended
  }

  /// SO_SNDBUF, in octets: more would be heard late.
  static let sendBuffer: Int32 = 65_536
  /// Milliseconds for which what was sent may stay without acknowledgement (TCP_USER_TIMEOUT).
  static let patience: Int32 = 30_000

  let descriptor: Int32

  init(owning descriptor: Int32) { self.descriptor = descriptor }

  deinit { clinux_close(descriptor) }

  /// Reads what is there into the start of `buffer`.
  func receive(into buffer: inout [UInt8]) -> Outcome {
    let count = unsafe buffer.withUnsafeMutableBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return -clinux_would_block }
      return unsafe clinux_tcp_read(descriptor, start, Int32(clamping: bytes.count))
    }
    return count == 0 ? .ended : Self.outcome(count)
  }

  /// Writes what the kernel takes of `octets` from `start` on.
  func send(_ octets: Span<UInt8>, from start: Int) -> Outcome {
    guard start >= 0, start < octets.count else { return .later }
    let rest = octets.extracting(start..<octets.count)
    let count = unsafe rest.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return -clinux_would_block }
      return unsafe clinux_tcp_write(descriptor, start, Int32(clamping: bytes.count))
    }
    return Self.outcome(count)
  }

  private static func outcome(_ count: Int32) -> Outcome {
    if count >= 0 { return .octets(Int(count)) }
    return count == -clinux_would_block ? .later : .ended
  }
}
