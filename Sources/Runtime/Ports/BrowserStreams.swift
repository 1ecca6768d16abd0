import Conference
import Primitives

/// The TCP connections of a loop's browsers, each with a number of its own as long as it lives.
///
/// A connection is a stranger's until a check over it has proved whose it is; strangers are few and have little time, so that
/// they cannot take the place of those who are known.
struct BrowserStreams {
  /// Connections of a loop at most.
  static let maximum = 1_024
  /// Of strangers; the one that has waited longest makes room.
  static let maximumStrangers = 64
  /// Of strangers from one host.
  static let maximumStrangersOfHost = 16
  /// Of one leg; the one that was silent longest makes room.
  static let maximumOfLeg = 4
  /// Milliseconds that a stranger has for its first check.
  static let strangerLifetime: Int64 = 10_000

  private var streams: [UInt32: BrowserStream] = [:]
  private var numbers: [TransportAddress: UInt32] = [:]
  private var strangers: [UInt32] = []
  private var legs: [LegID: [UInt32]] = [:]
  /// Those with something that the kernel has not taken yet.
  private var congested: Set<UInt32> = []
  private var last: UInt32 = 0

  var count: Int { streams.count }

  subscript(number: UInt32) -> BrowserStream? { streams[number] }

  func number(at remote: TransportAddress) -> UInt32? { numbers[remote] }

  /// Takes a stranger's connection; nil where there is no room. `evicted` had to make some: close it.
  mutating func insert(_ stream: BrowserStream) -> (number: UInt32, evicted: UInt32?)? {
    guard streams.count < Self.maximum else { return nil }
    let neighbours = strangers.count { streams[$0]?.remote.ip == stream.remote.ip }
    guard neighbours < Self.maximumStrangersOfHost else { return nil }
    let evicted = strangers.count >= Self.maximumStrangers ? strangers.first : nil
    repeat { last &+= 1 } while streams[last] != nil
    streams[last] = stream
    numbers[stream.remote] = last
    strangers.append(last)
    return (last, evicted)
  }

  /// A check has proved whose the connection is. Returns one of the same leg that has to make room: close it.
  mutating func own(_ number: UInt32, by leg: LegID) -> UInt32? {
    guard let stream = streams[number], stream.leg != leg else { return nil }
    disown(number)
    stream.leg = leg
    let others = legs[leg, default: []]
    legs[leg] = others + [number]
    guard others.count >= Self.maximumOfLeg else { return nil }
    return others.min { (streams[$0]?.lastHeard ?? .zero) < (streams[$1]?.lastHeard ?? .zero) }
  }

  /// Forgets a connection; it ends with its last reference.
  mutating func remove(_ number: UInt32) -> BrowserStream? {
    guard let stream = streams[number] else { return nil }
    disown(number)
    streams[number] = nil
    if numbers[stream.remote] == number { numbers[stream.remote] = nil }
    congested.remove(number)
    return stream
  }

  func numbers(of leg: LegID) -> [UInt32] { legs[leg] ?? [] }

  /// Strangers whose time is over.
  func overdue(at now: Instant) -> [UInt32] {
    strangers.filter { number in
      streams[number].map { now >= $0.opened.advanced(byMilliseconds: Self.strangerLifetime) } ?? true
    }
  }

  /// Sends a packet to where it belongs. False if it is lost.
  mutating func send(_ packet: Span<UInt8>, to number: UInt32) -> Bool {
    guard let stream = streams[number] else { return false }
    let isSent = stream.send(packet)
    if stream.hasUnsent { congested.insert(number) }
    return isSent
  }

  /// The same for an entry of a queue.
  mutating func send(_ entry: DatagramQueue.Entry, of queue: DatagramQueue, to number: UInt32) -> Bool {
    send(queue.datagram(entry), to: number)
  }

  /// Sends what waits. Those that broke can be read, and are found so.
  mutating func flush() {
    guard !congested.isEmpty else { return }
    for number in congested { streams[number]?.flush() }
    congested = congested.filter { streams[$0]?.hasUnsent ?? false }
  }

  private mutating func disown(_ number: UInt32) {
    guard let leg = streams[number]?.leg else { return strangers.removeAll { $0 == number } }
    legs[leg]?.removeAll { $0 == number }
    if legs[leg]?.isEmpty == true { legs[leg] = nil }
  }
}
