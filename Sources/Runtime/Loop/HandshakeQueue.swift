import Conference
import Primitives
import RTP

/// Steps of DTLS handshakes that wait their turn. One costs as much as some hundred packets of media, and many come at
/// once when a room opens: a quantum takes a few, so that the ticks of rooms are in time.
struct HandshakeQueue {
  /// A datagram that waits.
  struct Item {
    var leg: LegID
    var room: RoomID
    var channel: MediaChannel
    var source: TransportAddress
    var octets: [UInt8]
  }

  /// Steps of a quantum: one or two of its five milliseconds.
  static let perQuantum = 8
  /// Datagrams that wait at most. Further ones are lost; DTLS sends them again.
  static let maximum = 1_024
  /// Of one leg, which is a flight of a handshake.
  static let maximumOfLeg = 8

  private var items: [Item] = []
  /// Those before it have been taken.
  private var first = 0
  private var waitingOfLeg: [LegID: Int] = [:]
  private var turns = HandshakeQueue.perQuantum
  /// Datagrams that had to wait, and those among them that found no place.
  private(set) var postponed: UInt64 = 0
  private(set) var refused: UInt64 = 0

  var count: Int { items.count &- first }

  mutating func beginQuantum() { turns = Self.perQuantum }

  /// Whether the datagram is not to be looked at now: one of DTLS for which no turn is left is kept for later.
  mutating func postpones(
    _ datagram: Span<UInt8>, of leg: LegID, in room: RoomID, by channel: MediaChannel, from source: TransportAddress
  ) -> Bool {
    guard PacketKind.classify(datagram) == .dtls else { return false }
    if turns > 0, count == 0 {
      turns &-= 1
      return false
    }
    postponed &+= 1
    let ofLeg = waitingOfLeg[leg, default: 0]
    guard count < Self.maximum, ofLeg < Self.maximumOfLeg else {
      refused &+= 1
      return true
    }
    waitingOfLeg[leg] = ofLeg &+ 1
    var octets: [UInt8] = []
    octets.reserveCapacity(datagram.count)
    for place in datagram.indices { octets.append(datagram[place]) }
    items.append(Item(leg: leg, room: room, channel: channel, source: source, octets: octets))
    return true
  }

  /// The same of a datagram in a batch.
  mutating func postpones(
    _ index: Int, of batch: borrowing ReceiveBatch, for leg: LegID, in room: RoomID, by channel: MediaChannel
  ) -> Bool {
    postpones(batch.payload(index), of: leg, in: room, by: channel, from: batch.source(index))
  }

  /// The one that has waited longest, if there is a turn left.
  mutating func next() -> Item? {
    guard turns > 0, first < items.count else { return nil }
    turns &-= 1
    let item = items[first]
    first &+= 1
    let left = waitingOfLeg[item.leg, default: 1] &- 1
    waitingOfLeg[item.leg] = left > 0 ? left : nil
    if first == items.count {
      items.removeAll(keepingCapacity: true)
      first = 0
    } else if first >= Self.maximum {
      items.removeFirst(first)
      first = 0
    }
    return item
  }
}
