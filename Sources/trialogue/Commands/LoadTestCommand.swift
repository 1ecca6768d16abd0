import ArgumentParser
import Foundation
import Primitives
import Runtime
import SIP
import SecureRTP

struct LoadTestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loadtest", abstract: "Call a SIP server many times, speak, listen, and report what it costs.",
    discussion: """
      {room} in the URI becomes the number of the room, {n} that of the call. Only against servers that are yours.
        trialogue loadtest 'sip:300{room}@127.0.0.1:5060' --rooms 10 --size 5 --codec opus --pattern conv --pid PID
        trialogue loadtest 'sip:3000@127.0.0.1:5060' --size 500 --codec opus --pattern 3 --webrtc
      """)
  @Argument(help: "SIP URI of the rooms, with {room}; left out with --plan.") var uri: String?
  @Option(help: "JSON with RTP addresses that something else has agreed on, instead of SIP calls.") var plan: String?
  @Option(help: "Calls in all, spread over the rooms; without it rooms × size.") var calls: Int?
  @Option(help: "Rooms.") var rooms = 1
  @Option(help: "Members of each room.") var size = 3
  @Option(help: "Number of the first room.") var firstRoom = 0
  @Option(help: "\(CallerFormat.names); several ('pcmu,opus') are taken in turn by a room's members.")
  var codec = "pcmu"
  @Option(help: "Who speaks: all, conv (40 % at a time) or how many of each room.") var pattern = "conv"
  @Flag(name: .customLong("webrtc"), help: "Callers are browsers: ICE, DTLS, SRTP.") var isWebRTC = false
  @Option(help: "How SIP goes there: udp or ws (one WebSocket for all).") var transport = CallerTransport.udp
  @Option(help: "Seconds that are measured.") var duration = 10.0
  @Option(help: "Seconds between the last answer and the measuring.") var warmUp = 3.0
  @Option(help: "Calls set up in a second.") var rate = 100.0
  @Option(help: "The server's process, for its CPU time and memory.") var pid: Int?
  @Option(help: "User name for servers that ask.") var user: String?
  @Option(help: "Password; TRIALOGUE_PASSWORD says the same.") var password: String?
  @Option(help: "Directory of the prompts that the callers speak with.") var prompts = SpeechLibrary.usualDirectory
  @Flag(help: "Print JSON for programs.") var json = false

  func validate() throws {
    guard (uri == nil) != (plan == nil) else { throw ValidationError("give a SIP URI or --plan, one of the two") }
    if plan != nil, isWebRTC || transport != .udp {
      throw ValidationError("--webrtc and --transport need calls; a --plan agrees on plain RTP only")
    }
    for name in codec.split(separator: ",", omittingEmptySubsequences: false)
    where CallerFormat(rawValue: String(name)) == nil {
      throw ValidationError("--codec '\(name)' is none of \(CallerFormat.names)")
    }
    guard TalkPattern(pattern) != nil else {
      throw ValidationError("--pattern '\(pattern)' is none of all, conv, or a number of talkers")
    }
    guard (1...100_000).contains(rooms), (1...100_000).contains(size), (1...100_000).contains(calls ?? 1) else {
      throw ValidationError("--rooms, --size and --calls are 1 to 100000")
    }
    guard (0.5...86_400).contains(duration), (0...3_600).contains(warmUp), (0.1...10_000).contains(rate) else {
      throw ValidationError("--duration is 0.5 to 86400 s, --warm-up 0 to 3600 s, --rate 0.1 to 10000 a second")
    }
  }

  func run() async throws {
    let report: LoadReport
    do { report = try await test().run() } catch let problem as TargetProblem {
      ConfigurationFile.complain("trialogue: \(problem)")
      throw ExitCode(1)
    } catch let problem as SystemError {
      ConfigurationFile.complain("trialogue: \(problem)")
      throw ExitCode(1)
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      print(String(decoding: try encoder.encode(report), as: UTF8.self))
    } else {
      print(report.text)
    }
    if !report.isSound { throw ExitCode(1) }
  }

  private func test() async throws -> LoadTest {
    if let pid, !ProcessMeter(pid: pid).exists { throw TargetProblem("--pid \(pid): there is no such process") }
    let limit = (try? DescriptorLimit.raise()) ?? 1_024
    let pattern = TalkPattern(pattern) ?? .conversation
    let library = SpeechLibrary(promptDirectory: prompts)
    if let plan { return try planned(LoadPlan.read(plan), plan, pattern, library) }
    guard let uri else { throw TargetProblem("there is no URI") }
    let formats = codec.split(separator: ",").compactMap { CallerFormat(rawValue: String($0)) }
    let total = calls ?? rooms * size
    guard let target = SIPURI(name(uri, room: firstRoom, call: 0)) else {
      throw TargetProblem("'\(uri)' is no SIP URI; write 'sip:room{room}@127.0.0.1:5060'")
    }
    let server = try await TargetAddress.resolve(target, by: transport)
    var settings = CallerSettings(server: server, local: try await TargetAddress.local(toward: server))
    if transport == .ws { settings.webSocket = try await CallerWebSocket.connect(to: server) }
    if isWebRTC {
      guard total <= limit - 64 else {
        throw TargetProblem("\(total) browsers want a socket each, and \(limit) files may be open: raise 'ulimit -n'")
      }
      settings.certificate = try DTLSCertificate.selfSigned()
    }
    // What else is open: the SIP socket, epoll, the console, files.
    settings.streamsPerSocket = max(1, (total + max(1, limit - 65)) / max(1, limit - 64))
    if let user {
      let secret = password ?? ProcessInfo.processInfo.environment["TRIALOGUE_PASSWORD"] ?? ""
      settings.credentials = AgentCredentials(username: user, secret: .password(secret))
    }
    var random = RandomSource.seeded(2_026)
    let sets = try formats.map { try VoiceSet(format: $0, library: library) }
    var orders: [CallerOrder] = []
    var places: [(room: Int, member: Int, speaks: Bool)] = []
    for call in 0..<total {
      // One room after the other is filled, as long as the rooms are equal.
      let room = call * rooms / total
      let member = call - (room * total + rooms - 1) / rooms
      let set = sets[member % sets.count]
      let talk = pattern.talk(member: member, random: &random)
      orders.append(
        CallerOrder(
          id: CallerID(call), isBrowser: isWebRTC, partner: .sip(uri: name(uri, room: firstRoom + room, call: call)),
          format: set.format,
          talk: talk, voice: set[call], quiet: set.quiet, name: "caller\(call)"))
      places.append((room, member, talk.isEver))
    }
    return LoadTest(
      label: uri, orders: orders, rooms: rooms, places: places, codec: codec, pattern: pattern, settings: settings,
      rate: rate, warmUp: .seconds(warmUp), duration: .seconds(duration), pid: pid)
  }

  private func planned(
    _ entries: [LoadPlan.Entry], _ path: String, _ pattern: TalkPattern, _ library: SpeechLibrary
  ) throws -> LoadTest {
    var random = RandomSource.seeded(2_026)
    var voices: [CallerFormat: VoiceSet] = [:]
    var members: [Int: Int] = [:]
    var orders: [CallerOrder] = []
    var places: [(room: Int, member: Int, speaks: Bool)] = []
    for (index, entry) in entries.enumerated() {
      let set = try voices[entry.format] ?? VoiceSet(format: entry.format, library: library)
      voices[entry.format] = set
      let member = members[entry.room, default: 0]
      members[entry.room] = member + 1
      let talk = pattern.talk(member: member, random: &random)
      orders.append(
        CallerOrder(
          id: CallerID(index), partner: entry.partner, format: entry.format, talk: talk, voice: set[index],
          quiet: set.quiet))
      places.append((entry.room, member, talk.isEver))
    }
    return LoadTest(
      label: path, orders: orders, rooms: members.count, places: places,
      codec: Set(entries.map(\.format.rawValue)).sorted().joined(separator: "+"), pattern: pattern,
      settings: CallerSettings(server: nil, local: .loopbackV4), rate: 10_000, warmUp: .seconds(warmUp),
      duration: .seconds(duration), pid: pid)
  }

  private func name(_ template: String, room: Int, call: Int) -> String {
    template.replacingOccurrences(of: "{room}", with: "\(room)").replacingOccurrences(of: "{n}", with: "\(call)")
  }
}
