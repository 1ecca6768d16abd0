/// What a load test found; printed for people or as JSON.
struct LoadReport: Encodable, Sendable {
  struct Level: Encodable, Sendable {
    var room: Int
    var member: Int
    /// Speaks by the pattern.
    var speaks: Bool
    /// Of what it heard, in dBFS.
    var level: Double
  }

  var target: String
  var codec: String
  /// `rtp`, or `webrtc`.
  var media: String
  var pattern: String
  var rooms: Int
  var calls: Int
  var answered: Int
  var failures: [String: Int] = [:]
  /// Seconds of the measuring window.
  var seconds = 0.0
  var packetsExpected = 0
  var packetsReceived = 0
  var packetsLost = 0
  var duplicates = 0
  /// Of the packets expected, in per cent.
  var missingPercent = 0.0
  var lostPercent = 0.0
  /// Deviation of two packets' distance from their distance in RTP time, in milliseconds.
  var jitterP50 = 0.0
  var jitterP99 = 0.0
  var jitterMax = 0.0
  var longestGap = 0.0
  /// Milliseconds from INVITE to 200.
  var setupP50 = 0.0
  var setupP99 = 0.0
  var setupMax = 0.0
  /// Of browsers: how many have keys, milliseconds from the 200 to them (ICE and DTLS), and how many a second became ready, from the
  /// first answer to the last key; nil for phones.
  var secured: Int?
  var secureP50: Double?
  var secureP99: Double?
  var secureMax: Double?
  var securedPerSecond: Double?
  /// CPU of the server from the first INVITE until all stood.
  var cpuMillisecondsPerSetup: Double?
  var payloadOctetsMean = 0.0
  /// Callers that received nothing.
  var silent = 0
  var hungUpByServer = 0
  var levels: [Level] = []
  /// Of the server's process tree.
  var cpuMillisecondsPerParticipantSecond: Double?
  var serverCores: Double?
  var residentMegabytes: Double?
  var serverThreads: Int?
  /// The generator itself.
  var generatorCores = 0.0
  var sendLateP99 = 0.0
  var sendLateMax = 0.0
  var unsent = 0
  /// Packets that the kernel dropped in the window because the generator did not read in time: a run with any is void.
  var ownDrops = 0
  /// Moments at which the generator was so late that it left its own packets out: its figures say nothing of the server.
  var stalls = 0

  /// Audio came to who should hear some: everybody but a room's only talker.
  var isAudible: Bool { levels.contains { $0.level > -60 } }
  /// The generator did not keep up: neither losses nor jitter can be laid at the server's door.
  var isVoid: Bool { ownDrops > 0 || stalls > 0 }
  /// Everything worked, and the figures are the server's.
  var isSound: Bool {
    failures.isEmpty && answered == calls && (secured ?? calls) == calls && silent == 0 && hungUpByServer == 0
      && isAudible && !isVoid
  }

  var text: String {
    func number(_ value: Double, _ digits: Int = 1) -> String { Decimals.text(value, digits) }
    var lines = [
      "\(target): \(rooms) rooms, \(calls) calls, \(media), \(codec), pattern \(pattern), \(number(seconds)) s",
      "set up    \(answered) of \(calls); p50 \(number(setupP50)) p99 \(number(setupP99)) max \(number(setupMax)) ms",
    ]
    for (cause, count) in failures.sorted(by: { $0.key < $1.key }) { lines.append("  failed  \(count): \(cause)") }
    if let secured, let secureP50, let secureP99, let secureMax, let securedPerSecond {
      lines.append(
        "secured   \(secured); p50 \(number(secureP50)) p99 \(number(secureP99)) max \(number(secureMax)) ms, "
          + "\(number(securedPerSecond)) a second")
    }
    if let cpuMillisecondsPerSetup {
      lines.append("server    \(number(cpuMillisecondsPerSetup, 3)) CPU ms per call that was set up")
    }
    if packetsExpected == 0 { return lines.joined(separator: "\n") }
    lines += [
      "packets   \(packetsReceived) of \(packetsExpected) expected, missing \(number(missingPercent, 3)) %, "
        + "lost \(packetsLost) (\(number(lostPercent, 3)) %), twice \(duplicates), "
        + "\(number(payloadOctetsMean, 0)) octets each",
      "jitter    p50 \(number(jitterP50)) p99 \(number(jitterP99)) max \(number(jitterMax)) ms; "
        + "longest gap \(number(longestGap, 0)) ms",
      "heard     "
        + levels.map { "room \($0.room) \($0.speaks ? "talker" : "listener") \(number($0.level, 0))" }
        .joined(separator: ", ") + " dBFS" + (isAudible ? "" : ": NO AUDIO"),
    ]
    if silent > 0 { lines.append("silent    \(silent) calls received nothing") }
    if hungUpByServer > 0 { lines.append("hung up   \(hungUpByServer) calls by the server") }
    if let cpu = cpuMillisecondsPerParticipantSecond, let cores = serverCores, let resident = residentMegabytes {
      lines.append(
        "server    \(number(cpu, 3)) CPU ms per participant-second (\(number(cores, 3)) cores), "
          + "\(number(resident, 0)) MB resident, \(serverThreads ?? 0) threads")
    }
    lines.append(
      "generator \(number(generatorCores, 3)) cores, sends late p99 \(number(sendLateP99)) max \(number(sendLateMax)) ms, "
        + "\(unsent) unsent, \(ownDrops) own drops, \(stalls) stalls" + (isVoid ? ": THIS RUN IS VOID" : ""))
    return lines.joined(separator: "\n")
  }
}
