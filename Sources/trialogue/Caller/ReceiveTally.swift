import Primitives
import RTP

/// What one caller receives inside the measuring window: by sequence numbers and the kernel's receive times.
struct ReceiveTally: Sendable {
  private(set) var received = 0
  private(set) var octets = 0
  private(set) var duplicates = 0
  /// The longest time without a packet, in nanoseconds.
  private(set) var longestGap: Int64 = 0
  private var sequence = Extended<UInt16>()
  private var first: Int64 = 0
  private var inThisRun = 0
  private var lostBefore = 0
  private var ssrc: UInt32?
  private var firstTime: Int64 = 0
  private var lastTime: Int64 = 0
  private var lastTimestamp: UInt32 = 0

  /// Gaps in the sequence numbers.
  var lost: Int {
    guard let last = sequence.last else { return lostBefore }
    return lostBefore + max(0, Int(last - first) + 1 - inThisRun)
  }

  /// The packets that should have come: one per 20 ms. A packet that lies just beyond an edge of the window is not missed.
  func expected(in window: Range<Int64>) -> Int {
    let interval: Int64 = 20_000_000
    guard received > 0 else { return Int(Int64(window.count) / interval) }
    let between = (lastTime - firstTime + interval / 2) / interval
    // At the edges only a distance that is clearly more than an interval tells of a missing packet.
    let before = max(0, firstTime - window.lowerBound - interval / 2) / interval
    let after = max(0, window.upperBound - lastTime - interval / 2) / interval
    return Int(between + before + after) + 1
  }

  /// Counts a packet and returns how far its distance from the one before deviates from their distance in RTP time, in
  /// milliseconds; nil without one before. `time` is in nanoseconds of any one clock.
  mutating func receive(_ header: RTPHeader, time: Int64, clockRate: Int) -> Double? {
    if ssrc != header.ssrc {
      lostBefore = lost
      ssrc = header.ssrc
      sequence = Extended<UInt16>()
      first = Int64(header.sequence)
      inThisRun = 0
    }
    let previous = sequence.last
    let number = sequence.extend(header.sequence)
    if number == previous {
      duplicates += 1
      return nil
    }
    if received == 0 { firstTime = time }
    received += 1
    inThisRun += 1
    octets += header.payloadCount
    defer {
      lastTime = time
      lastTimestamp = header.timestamp
    }
    guard previous != nil else { return nil }
    longestGap = max(longestGap, time - lastTime)
    let ticks = Int32(truncatingIfNeeded: header.timestamp &- lastTimestamp)
    return abs(Double(time - lastTime) / 1e6 - Double(ticks) * 1_000 / Double(max(clockRate, 1)))
  }
}
