import Application
import Foundation
import Primitives
import Runtime

/// One run: calls up, wait until they stand, measure, hang up.
struct LoadTest: Sendable {
  /// Callers of which it is listened to what they hear.
  static let sampled = 6
  /// Packets that are kept of each of them: five seconds.
  static let kept = 250

  var label: String
  var orders: [CallerOrder]
  var rooms: Int
  /// The room and place in it of each order, and whether it speaks.
  var places: [(room: Int, member: Int, speaks: Bool)]
  var codec: String
  var pattern: TalkPattern
  var settings: CallerSettings
  /// Calls a second.
  var rate: Double
  var warmUp: Duration
  var duration: Duration
  /// The server's process.
  var pid: Int?

  private var isSecure: Bool { settings.certificate != nil }

  func run() async throws -> LoadReport {
    var report = LoadReport(
      target: label, codec: codec, media: isSecure ? "webrtc" : "rtp", pattern: "\(pattern)", rooms: rooms,
      calls: orders.count, answered: 0)
    let loop = try CallerLoop(settings)
    var events = loop.events.makeAsyncIterator()
    let interval = Duration.seconds(1 / max(rate, 0.1))
    loop.post(.place(orders, interval: interval))
    let server = pid.map { ProcessMeter(pid: $0) }
    let before = server?.read()
    let standing = await setUp(&events, &report)
    if let before, let after = server?.read() {
      report.cpuMillisecondsPerSetup = (after.cpu - before.cpu) * 1_000 / Double(max(1, orders.count))
    }
    if !standing.isEmpty {
      try? await Task.sleep(for: warmUp)
      await measure(loop, &events, &report)
    }
    loop.post(.hangUp(orders.map(\.id).filter(standing.contains), interval: min(interval, .milliseconds(2))))
    var left = standing
    while !left.isEmpty, let event = await events.next() {
      if case .ended(let id, _) = event { left.remove(id) }
    }
    loop.stop()
    while await events.next() != nil {}
    return report
  }

  /// Waits until every call stands, a browser's with keys, or has failed. Returns those that stand.
  private func setUp(
    _ events: inout AsyncStream<CallerEvent>.Iterator, _ report: inout LoadReport
  ) async -> Set<CallerID> {
    var standing: Set<CallerID> = []
    var settled: Set<CallerID> = []
    var setups: [Double] = []
    var handshakes: [Double] = []
    var first: ContinuousClock.Instant?
    var last = ContinuousClock.now
    while settled.count < orders.count, let event = await events.next() {
      switch event {
      case .answered(let id, let after):
        standing.insert(id)
        if !isSecure { settled.insert(id) }
        setups.append(Double(after) / 1e6)
        first = first ?? .now
      case .secured(let id, let after):
        settled.insert(id)
        handshakes.append(Double(after) / 1e6)
        last = .now
      case .ended(let id, let ending):
        standing.remove(id)
        settled.insert(id)
        report.failures["\(ending)", default: 0] += 1
      case .taken, .measured: break
      }
    }
    report.answered = standing.count
    setups.sort()
    report.setupP50 = LoadTest.quantile(setups, 0.5)
    report.setupP99 = LoadTest.quantile(setups, 0.99)
    report.setupMax = setups.last ?? 0
    if isSecure {
      handshakes.sort()
      report.secured = handshakes.count
      report.secureP50 = LoadTest.quantile(handshakes, 0.5)
      report.secureP99 = LoadTest.quantile(handshakes, 0.99)
      report.secureMax = handshakes.last ?? 0
      let seconds = first.map { Double(($0.duration(to: last)).nanoseconds) / 1e9 } ?? 0
      report.securedPerSecond = Double(handshakes.count) / max(seconds, 0.001)
    }
    return standing
  }

  private func measure(
    _ loop: CallerLoop, _ events: inout AsyncStream<CallerEvent>.Iterator, _ report: inout LoadReport
  ) async {
    let server = pid.map { ProcessMeter(pid: $0) }
    let before = (server?.read(), ProcessMeter.own.read(), ContinuousClock.now)
    // Sockets count from their making on; only what they drop from now on is of the window.
    let dropped = ProcFile.drops()
    let sampled = sample()
    loop.post(.openWindow(duration, sampled: sampled, keeps: LoadTest.kept))
    // The figures of the processes are read at the window's end, not when its last packets have been counted.
    try? await Task.sleep(for: duration)
    let after = (server?.read(), ProcessMeter.own.read(), ContinuousClock.now)
    let seconds = Double((after.2 - before.2).nanoseconds) / 1e9
    var measured: LoadMeasure?
    while measured == nil, let event = await events.next() {
      switch event {
      case .measured(let measure): measured = measure
      case .ended(_, let ending): report.failures["\(ending)", default: 0] += 1
      case .answered, .secured, .taken: break
      }
    }
    guard let measured else { return }
    if let first = before.0, let last = after.0 {
      let cpu = last.cpu - first.cpu
      report.serverCores = cpu / seconds
      report.cpuMillisecondsPerParticipantSecond = cpu * 1_000 / seconds / Double(max(1, measured.streams))
      report.residentMegabytes = Double(last.resident) / 1e6
      report.serverThreads = last.threads
    }
    report.generatorCores = (after.1.cpu - before.1.cpu) / seconds
    let drops = ProcFile.drops()
    report.ownDrops = Set(measured.ports).reduce(0) { $0 + max(0, drops[$1, default: 0] - dropped[$1, default: 0]) }
    fill(&report, from: measured)
  }

  private func fill(_ report: inout LoadReport, from measure: LoadMeasure) {
    report.seconds = measure.duration
    report.packetsExpected = measure.expected
    report.packetsReceived = measure.received
    report.packetsLost = measure.lost
    report.duplicates = measure.duplicates
    let expected = Double(max(1, measure.expected))
    report.missingPercent = max(0, expected - Double(measure.received)) * 100 / expected
    report.lostPercent = Double(measure.lost) * 100 / expected
    report.jitterP50 = measure.jitter.quantile(0.5)
    report.jitterP99 = measure.jitter.quantile(0.99)
    report.jitterMax = measure.jitter.worst
    report.longestGap = measure.longestGap
    report.payloadOctetsMean = Double(measure.payloadOctets) / Double(max(1, measure.received))
    report.silent = measure.silent
    report.hungUpByServer = measure.hungUp
    report.sendLateP99 = measure.lateness.quantile(0.99)
    report.sendLateMax = measure.lateness.worst
    report.unsent = measure.unsent
    report.stalls = measure.stalls
    for (id, packets) in measure.sampled where id.rawValue < orders.count {
      let place = places[id.rawValue]
      let clip = ReceivedAudio.decode(packets, format: orders[id.rawValue].format)
      report.levels.append(
        LoadReport.Level(
          room: place.room, member: place.member, speaks: place.speaks, level: ReceivedAudio.level(clip)))
    }
  }

  /// Callers spread over all, the first one among them.
  private func sample() -> [CallerID] {
    let count = min(LoadTest.sampled, orders.count)
    return (0..<count).map { orders[$0 * orders.count / count].id }
  }

  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
  }
}
