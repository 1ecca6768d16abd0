import Primitives

/// Padding in one go that is out to learn whether a way bears more than is sent: by how far it is drawn apart on the way.
///
/// Who sends little learns little: after a narrow time the rate would come back by some percent a second. A train that
/// arrives as fast as it was meant to shows at once that there is room. Where there is none it costs the way some
/// 30 ms of the rate that was asked for, and the next one waits longer.
struct BandwidthProbe: Sendable {
  /// Octets of one packet of a train: header, padding and what protects it.
  static let packetOctets = 285
  static let packetCounts = 8...40
  /// Milliseconds of the rate that is asked for.
  private static let length = 30
  /// Nanoseconds between two trains: after one that found room, and at most after several that found none.
  private static let interval: Int64 = 400_000_000
  private static let maximumInterval: Int64 = 2_000_000_000
  /// Nanoseconds after which a train that was not reported is forgotten.
  private static let patience: Int64 = 1_000_000_000
  /// Nanoseconds in which the queue that a train makes says nothing of the way.
  private static let echo: Int64 = 300_000_000
  /// One part of so many may be lost.
  private static let toleratedLoss = 5

  private struct Train: Sendable {
    var bitrate: Int
    var sentAt: Instant
    var left: Int
    var sent = 0
    var lost = 0
    var octets = 0
    var first = Instant.distantFuture
    var last = Instant(nanoseconds: .min)
  }

  private var train: Train?
  private var lastTrain: Instant?
  private var pause = BandwidthProbe.interval

  /// Begins a train if it is time for one; gives its packets.
  mutating func begin(_ bitrate: Int, at now: Instant) -> Int? {
    if let train {
      guard now.nanoseconds(since: train.sentAt) >= Self.patience else { return nil }
      fail()
    }
    if let lastTrain, now.nanoseconds(since: lastTrain) < pause { return nil }
    let wanted = bitrate / 8 * Self.length / 1_000 / Self.packetOctets
    let count = min(max(wanted, Self.packetCounts.lowerBound), Self.packetCounts.upperBound)
    lastTrain = now
    train = Train(bitrate: bitrate, sentAt: now, left: count)
    return count
  }

  /// What a train does to the delay is no sign of too much.
  func isEchoing(at now: Instant) -> Bool {
    lastTrain.map { now.nanoseconds(since: $0) < Self.echo } ?? false
  }

  /// A packet of the train was reported; gives what the way bears, in bit/s, with the last one of a train that found room.
  mutating func report(_ octets: Int, arrivedAt: Instant?) -> Int? {
    guard var current = train else { return nil }
    current.left -= 1
    current.sent += 1
    if let arrivedAt {
      // What is drawn apart is what came behind the first.
      if current.first != .distantFuture { current.octets += octets }
      current.first = min(current.first, arrivedAt)
      current.last = max(current.last, arrivedAt)
    } else {
      current.lost += 1
    }
    train = current
    guard current.left <= 0 else { return nil }
    train = nil
    guard current.lost * Self.toleratedLoss <= current.sent, current.octets > 0 else {
      fail()
      return nil
    }
    let spread = max(current.last.nanoseconds(since: current.first), 1)
    let measured = Double(current.octets) * 8 / (Double(spread) / 1e9)
    return Int(min(measured, Double(current.bitrate)))
  }

  /// A train found room.
  mutating func succeed() { pause = Self.interval }

  /// A train found none.
  mutating func fail() {
    train = nil
    pause = min(pause * 2, Self.maximumInterval)
  }
}
