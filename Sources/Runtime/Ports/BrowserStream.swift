import Conference
import ICE
import Primitives

/// A browser's TCP connection: packets in frames (RFC 6544, section 3). Used on the thread of its port's loop only.
final class BrowserStream {
  /// Octets that wait beside those that the kernel has: a packet that does not fit any more is lost, as on any network.
  static let maximumUnsent = 16_384

  let socket: TCPSocket
  /// Where the peer is: names the connection.
  let remote: TransportAddress
  /// Whose it is; nil for a stranger, until a check has proved who that is.
  var leg: LegID?
  private(set) var frames = FramedStream()
  let opened: Instant
  /// When something came last.
  private(set) var lastHeard: Instant
  private(set) var isBroken = false
  private var unsent: [UInt8] = []

  init(_ socket: consuming TCPSocket, from remote: TransportAddress, at now: Instant) {
    self.socket = socket
    self.remote = remote
    opened = now
    lastHeard = now
  }

  var hasUnsent: Bool { !unsent.isEmpty }

  /// Sends a packet, or as much of it as goes; the rest waits. False if it is lost.
  func send(_ packet: Span<UInt8>) -> Bool {
    guard !isBroken, unsent.count &+ packet.count &+ 2 <= Self.maximumUnsent,
      FramedStream.append(packet, to: &unsent)
    else { return false }
    flush()
    return !isBroken
  }

  /// Sends what waits, as far as the kernel takes it.
  func flush() {
    var sent = 0
    while sent < unsent.count, !isBroken {
      switch socket.send(unsent.span, from: sent) {
      case .octets(let count): sent &+= count
      case .later:
        unsent.removeFirst(sent)
        return
      case .ended: isBroken = true
      }
    }
    unsent.removeAll(keepingCapacity: true)
  }

  /// Reads what is there; false at the end of the connection.
  func receive(into buffer: inout [UInt8], at now: Instant) -> Bool {
    switch socket.receive(into: &buffer) {
    case .later: return true
    case .ended: return false
    case .octets(let count):
      lastHeard = now
      do throws(FramedStream.Failure) {
        try frames.append(buffer.span.extracting(first: count))
        return true
      } catch {
        return false
      }
    }
  }

  /// The next whole packet; its octets are those of `frames`. Throws where the boundaries are lost.
  func nextPacket() throws(FramedStream.Failure) -> Range<Int>? { try frames.next() }
}
