import CLinux
import Primitives

/// Room for the datagrams of one receiving call; allocated once and used for every socket of a loop.
@safe package struct ReceiveBatch: ~Copyable {
  /// The most datagrams that one call takes from a socket.
  package static let capacity = Int(CLINUX_BATCH)
  /// Octets a datagram may have: more than any Ethernet frame carries. Longer ones are cut and refused.
  static let slot = 2_048

  private let bytes: UnsafeMutablePointer<UInt8>
  private let datagrams: UnsafeMutablePointer<clinux_datagram>

  package init() {
    unsafe bytes = .allocate(capacity: ReceiveBatch.capacity * ReceiveBatch.slot)
    unsafe bytes.initialize(repeating: 0, count: ReceiveBatch.capacity * ReceiveBatch.slot)
    unsafe datagrams = .allocate(capacity: ReceiveBatch.capacity)
    unsafe datagrams.initialize(repeating: clinux_datagram(), count: ReceiveBatch.capacity)
  }

  deinit {
    unsafe bytes.deallocate()
    unsafe datagrams.deallocate()
  }

  /// Takes what waits on the socket, at most `capacity` datagrams; they replace those of the last call.
  /// Returns their number; errors of the socket (an ICMP answer to something sent) count as nothing received.
  package mutating func receive(from socket: borrowing UDPSocket) -> Int {
    let count = unsafe clinux_udp_receive(
      socket.descriptor, bytes, UInt32(ReceiveBatch.slot), datagrams, Int32(ReceiveBatch.capacity))
    return max(0, Int(count))
  }

  /// The octets of datagram `index` of the last call.
  @_lifetime(borrow self)
  package func payload(_ index: Int) -> Span<UInt8> {
    precondition(index >= 0 && index < ReceiveBatch.capacity, "a datagram of the batch")
    let offset = unsafe Int(datagrams[index].offset)
    let count = unsafe min(Int(datagrams[index].count), ReceiveBatch.slot)
    return unsafe _overrideLifetime(Span(_unsafeStart: bytes + offset, count: count), borrowing: self)
  }

  package func source(_ index: Int) -> TransportAddress {
    precondition(index >= 0 && index < ReceiveBatch.capacity, "a datagram of the batch")
    return unsafe TransportAddress(datagrams[index].source)
  }

  /// Was longer than a slot.
  package func isCut(_ index: Int) -> Bool {
    precondition(index >= 0 && index < ReceiveBatch.capacity, "a datagram of the batch")
    return unsafe datagrams[index].is_cut
  }

  /// When the kernel got it, in nanoseconds since 1970; 0 if unknown.
  package func wallTime(_ index: Int) -> Int64 {
    precondition(index >= 0 && index < ReceiveBatch.capacity, "a datagram of the batch")
    return unsafe datagrams[index].wall_time
  }
}
