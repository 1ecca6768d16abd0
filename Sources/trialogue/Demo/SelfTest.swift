import Application
import Audio
import Foundation
import Logging
import Primitives
import Runtime
import SIP

/// The server calls itself: real calls over loopback, each caller says a prompt, and what the others hear is recognised by
/// its content.
struct SelfTest {
  /// What a caller hears, as a check: a prompt that has to be in it, or must not be.
  struct Check {
    var listener: Int
    var text: String
    var prompt: String
    var isExpected: Bool
  }

  /// Who calls, and what it says, so many milliseconds after it is in the room with all whom it meets there.
  struct Part {
    var target: String
    var format: CallerFormat
    var says: String?
    var after = 0
  }

  private static let parts = [
    Part(target: "plain", format: .pcmu, says: "hold-still"),
    Part(target: "plain", format: .opus, says: "room-locked"),
    Part(target: "plain", format: .g722, says: "transferring", after: 5_000),
    // The intro is heard first; only then is everything echoed.
    Part(target: "9196", format: .pcma, says: "transferring", after: 7_600),
    Part(target: "9197", format: .l16, says: nil),
    Part(target: "greeted", format: .opus, says: nil),
    Part(target: "recorded", format: .pcmu, says: "hold-still"),
    Part(target: "recorded", format: .opus, says: "room-locked"),
  ]

  private static let checks = [
    Check(listener: 0, text: "PCMU hears Opus in the room", prompt: "room-locked", isExpected: true),
    Check(listener: 0, text: "PCMU hears G.722 in the room", prompt: "transferring", isExpected: true),
    Check(listener: 0, text: "PCMU does not hear itself", prompt: "hold-still", isExpected: false),
    Check(listener: 1, text: "Opus hears PCMU in the room", prompt: "hold-still", isExpected: true),
    Check(listener: 1, text: "Opus hears G.722 in the room", prompt: "transferring", isExpected: true),
    Check(listener: 1, text: "Opus does not hear itself", prompt: "room-locked", isExpected: false),
    Check(listener: 2, text: "G.722 hears PCMU while both speak", prompt: "hold-still", isExpected: true),
    Check(listener: 2, text: "G.722 hears Opus while both speak", prompt: "room-locked", isExpected: true),
    Check(listener: 2, text: "G.722 does not hear itself", prompt: "transferring", isExpected: false),
    Check(listener: 2, text: "G.722 does not hear what nobody said", prompt: "service-unavailable", isExpected: false),
    Check(listener: 3, text: "the echo test greets", prompt: "echo-intro", isExpected: true),
    Check(listener: 3, text: "the echo test gives PCMA back", prompt: "transferring", isExpected: true),
    Check(listener: 3, text: "the echo test gives nothing else back", prompt: "hold-still", isExpected: false),
    Check(listener: 4, text: "the announcement is played in L16", prompt: "announcement-demo", isExpected: true),
    Check(listener: 4, text: "no other announcement is played", prompt: "echo-intro", isExpected: false),
    Check(listener: 5, text: "who is alone in a room is told", prompt: "only-participant", isExpected: true),
    Check(listener: 5, text: "another room is not heard", prompt: "hold-still", isExpected: false),
  ]

  /// Milliseconds that are listened to at most.
  private static let longest = 16_000
  /// Milliseconds until the last word has come through the server.
  private static let tail = 500

  var configuration: Configuration
  var logger: Logger
  /// Takes each result as it is known.
  var report: (String) -> Void

  /// True if every check passed.
  func run() async throws -> Bool {
    let scratch = FileManager.default.temporaryDirectory.path + "/trialogue-self-test-\(UInt32.random(in: 0 ... .max))"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let configuration = try await prepared(recordings: scratch)
    let (library, problems) = PromptFiles(
      directory: configuration.prompts.directory, names: configuration.prompts.names
    ).load(fallback: configuration.prompts.language)
    let needed = Set(SelfTest.checks.map(\.prompt) + SelfTest.parts.compactMap(\.says))
    var clips: [String: AudioClip] = [:]
    for name in needed.sorted() {
      guard let clip = library.clip(name, language: configuration.prompts.language) else {
        report("FAIL  the prompt '\(name)' is missing: \(problems.first ?? "run 'make prompts'")")
        return false
      }
      clips[name] = clip
    }
    let server = try await ServerInstance.start(configuration, logger: logger)
    let result: Bool
    do { result = try await run(server, clips) } catch {
      await server.stop()
      throw error
    }
    await server.stop()
    return result
  }

  /// Free ports, rooms that are quiet unless they are asked about, a scratch archive.
  private func prepared(recordings: String) async throws -> Configuration {
    var configuration = configuration
    let sip = TransportAddress(.loopbackV4, port: try await FreePorts.signalling())
    configuration.listen.sip = [.init(transport: .udp, address: sip), .init(transport: .tcp, address: sip)]
    configuration.listen.web = nil
    configuration.listen.media = [.loopbackV4]
    configuration.listen.privateListener = TransportAddress(.loopbackV4, port: try await FreePorts.tcp())
    let first = UInt16.random(in: 15_000...29_000) * 2
    configuration.listen.mediaPorts = first...first + 199
    configuration.listen.browserPort = nil
    configuration.server.publicAddress = nil
    configuration.recording.directory = recordings
    configuration.recording.spill = nil
    configuration.recording.keys = .none
    configuration.recording.upload = nil
    configuration.recording.warnBelowFree = 0
    configuration.recording.refuseBelowFree = 0
    configuration.routes = []
    func room(_ pattern: String) -> Configuration.Room {
      var room = Configuration.Room(pattern: pattern)
      room.announceJoining = false
      room.holdMusic = false
      return room
    }
    var plain = room("plain")
    plain.greeting = nil
    var recorded = room("recorded")
    recorded.greeting = nil
    recorded.record = true
    configuration.rooms = [plain, room("greeted"), recorded]
    return configuration
  }

  private func run(_ server: ServerInstance, _ clips: [String: AudioClip]) async throws -> Bool {
    guard let address = server.configuration.listen.sip.first?.address else { return false }
    let callers = try SelfTestCallers(server: address)
    let presence = await Presence(server.control.events(after: nil))
    let began = ContinuousClock.now
    let failures = await callers.place(
      try SelfTest.parts.enumerated().map { index, part in
        try CallerOrder(
          id: CallerID(index), partner: .sip(uri: "sip:\(part.target)@\(address)"), format: part.format,
          talk: .never, voice: .quiet(format: part.format), quiet: .quiet(format: part.format),
          keeps: SelfTest.longest / 20, name: "tester\(index)")
      })
    guard failures.isEmpty else {
      for failure in failures { report("FAIL  call \(failure)") }
      await callers.stop()
      return false
    }
    let took = began.duration(to: .now).nanoseconds / 1_000_000
    report("ok    \(SelfTest.parts.count) calls are answered after \(took) ms")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, part) in SelfTest.parts.enumerated() {
        guard let says = part.says, let clip = clips[says] else { continue }
        let voice = try CodedVoice(clip.delayed(part.after), format: part.format)
        group.addTask {
          try await presence.wait(for: SelfTest.parts.count { $0.target == part.target }, in: part.target)
          callers.say(CallerID(index), voice)
          try await Task.sleep(for: .milliseconds(voice.count * 20 + SelfTest.tail))
        }
      }
      try await group.waitForAll()
    }
    presence.stop()
    let heard = await callers.hangUp(SelfTest.parts.count)
    var passed = true
    for check in SelfTest.checks {
      guard let clip = clips[check.prompt] else { continue }
      let audio = ReceivedAudio.decode(
        heard[CallerID(check.listener)] ?? [], format: SelfTest.parts[check.listener].format)
      passed = judge(check.text, clip, in: audio, isExpected: check.isExpected) && passed
    }
    return try await checkRecording(server, clips) && passed
  }

  private func judge(_ text: String, _ clip: AudioClip, in audio: AudioClip, isExpected: Bool) -> Bool {
    let score = SpeechMatch(clip).score(in: audio)
    let isRight = isExpected ? score >= SpeechMatch.threshold : score <= SpeechMatch.strangerThreshold
    let relation = isExpected ? "at least \(SpeechMatch.threshold)" : "at most \(SpeechMatch.strangerThreshold)"
    report("\(isRight ? "ok   " : "FAIL ") \(text) (likeness \(Decimals.text(score, 2)), wanted \(relation))")
    return isRight
  }

  private func checkRecording(_ server: ServerInstance, _ clips: [String: AudioClip]) async throws -> Bool {
    var query = RecordingQuery()
    query.room = "recorded"
    var found: RecordingDescription?
    for _ in 0..<100 where found == nil {
      found = try await server.control.recordings(query).items.first { $0.state == .finished }
      if found == nil { try await Task.sleep(for: .milliseconds(50)) }
    }
    guard let found, let file = found.files.first(where: { $0.name.hasPrefix("mix.") }) else {
      report("FAIL  the recorded room left no finished recording")
      return false
    }
    let content = try await server.control.recordingFile(found.id, name: file.name, for: "self-test", as: .listened)
    guard case .plain(let path) = content, let data = FileManager.default.contents(atPath: path),
      let mix = try? WAVReader.parse([UInt8](data))
    else {
      report("FAIL  the recording '\(file.name)' is no WAV file")
      return false
    }
    var passed = true
    let texts = [
      ("the recording holds PCMU's words", "hold-still", true),
      ("the recording holds Opus's words", "room-locked", true),
      ("the recording holds nobody else's", "transferring", false),
    ]
    for (text, prompt, isExpected) in texts {
      guard let clip = clips[prompt] else { continue }
      passed = judge(text, clip, in: mix, isExpected: isExpected) && passed
    }
    return passed
  }
}

extension AudioClip {
  /// The same after so many milliseconds of silence.
  fileprivate func delayed(_ milliseconds: Int) -> AudioClip {
    let silence = Array(repeating: Int16(0), count: sampleRate * milliseconds / 1_000)
    return AudioClip(samples: silence + samples, sampleRate: sampleRate, name: name)
  }
}

extension RecordingQuery {
  /// Asks for everything.
  fileprivate init() {
    self.init(room: nil, from: nil, to: nil, contextKey: nil, contextValue: nil, cursor: nil, limit: nil)
  }
}
