import CLinux
import Conference
import Primitives

/// Datagrams for one socket that leave with one call to the kernel.
@safe package struct SendBatch: ~Copyable {
  package static let capacity = Int(CLINUX_BATCH)

  private let outgoing: UnsafeMutablePointer<clinux_outgoing>
  package private(set) var count = 0

  package init() {
    unsafe outgoing = .allocate(capacity: SendBatch.capacity)
    unsafe outgoing.initialize(repeating: clinux_outgoing(), count: SendBatch.capacity)
  }

  deinit { unsafe outgoing.deallocate() }

  package var isFull: Bool { count == SendBatch.capacity }

  /// Adds a datagram that lies at `offset` of the octets that `send` will be given.
  package mutating func append(offset: Int, count octets: Int, to destination: TransportAddress) {
    precondition(count < SendBatch.capacity, "send the batch when it is full")
    unsafe outgoing[count].destination = clinux_address(destination)
    unsafe outgoing[count].offset = UInt32(clamping: offset)
    unsafe outgoing[count].count = UInt32(clamping: octets)
    count &+= 1
  }

  /// Forgets what was added.
  package mutating func removeAll() { count = 0 }

  /// Sends all and empties the batch. A datagram that the kernel refuses is passed over. Returns how many it took.
  mutating func send(_ queue: DatagramQueue, on socket: borrowing UDPSocket) -> Int {
    send(queue.octets, on: socket)
  }

  /// The same for octets that lie elsewhere.
  package mutating func send(_ octets: Span<UInt8>, on socket: borrowing UDPSocket) -> Int {
    var taken = 0
    var next = 0
    let descriptor = socket.descriptor
    unsafe octets.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      while next < count {
        // What lies outside of the bytes must not reach the kernel.
        precondition(
          unsafe Int(outgoing[next].offset) + Int(outgoing[next].count) <= bytes.count, "datagrams lie in the queue")
        let sent = unsafe clinux_udp_send(descriptor, start, outgoing + next, Int32(count - next))
        if sent > 0 {
          taken &+= Int(sent)
          next &+= Int(sent)
        } else {
          next &+= 1
        }
      }
    }
    count = 0
    return taken
  }
}
