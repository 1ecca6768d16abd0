import Conference
import Primitives

/// How loud members are and how well they are received: the media plane measures it when somebody looks.
extension RoomDirectory {
  /// Nanoseconds between two measurements, however many look.
  private static let measuringInterval: Int64 = 250_000_000

  /// Asks for a measurement of every room. It comes a tick later, and is for who looks next.
  package func measure() {
    let now = clock.now
    if let measured, now.nanoseconds(since: measured) < Self.measuringInterval { return }
    measured = now
    for (id, room) in rooms where !room.members.isEmpty { media.post(.reportStatistics, to: id) }
  }

  func note(_ measurements: [LegStatistics], in id: RoomID) {
    let byLeg = Dictionary(measurements.map { ($0.leg, $0) }) { $1 }
    rooms[id]?.note(byLeg)
  }

  /// How well the calls are received, by call, as it was last measured.
  package var qualities: [String: CallQuality] {
    let measured = rooms.values.flatMap(\.members).compactMap { member in
      member.measurement.map { (member.call, CallQuality($0)) }
    }
    return Dictionary(measured) { $1 }
  }
}

extension CallQuality {
  init(_ statistics: LegStatistics) {
    self.init(
      packetsReceived: statistics.packetsReceived, packetsSent: statistics.packetsSent,
      packetsLost: statistics.packetsLost, jitter: statistics.jitter, roundTripTime: statistics.roundTripTime,
      bufferDelay: statistics.jitterBufferDelay)
  }
}
