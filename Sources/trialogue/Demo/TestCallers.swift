import Application
import Audio
import Foundation
import Primitives

/// The demo's talking test callers: who has no second phone gets company.
actor TestCallers {
  /// Callers at a time.
  static let limit = 9

  private let server: TransportAddress
  private let library: PromptLibrary
  private let language: String
  private let tell: @Sendable (String) -> Void
  private var loop: CallerLoop?
  private var present: [(id: CallerID, room: String)] = []
  private var last = 0
  private var following: Task<Void, Never>?

  init(
    server: TransportAddress, library: PromptLibrary, language: String, tell: @escaping @Sendable (String) -> Void
  ) {
    self.server = server
    self.library = library
    self.language = language
    self.tell = tell
  }

  /// A caller more in the room, if the limit allows.
  func add(to room: String) {
    guard present.count < TestCallers.limit else { return tell("\(TestCallers.limit) test callers are enough") }
    do {
      let loop = try started()
      last += 1
      let format = [CallerFormat.opus, .g722, .pcma][last % 3]
      let order = try CallerOrder(
        id: CallerID(last), partner: .sip(uri: "sip:\(room)@\(server)"), format: format, talk: .always,
        voice: CodedVoice(speech(last), format: format), quiet: .quiet(format: format), name: "test-caller-\(last)")
      present.append((order.id, room))
      loop.post(.place([order], interval: .zero))
    } catch {
      tell("no test caller: \(error)")
    }
  }

  /// The newest one of the room hangs up; without one there, the newest of all.
  func remove(from room: String) {
    guard let index = present.lastIndex(where: { $0.room == room }) ?? present.indices.last else {
      return tell("there is no test caller")
    }
    loop?.post(.hangUp([present.remove(at: index).id], interval: .zero))
  }

  func stop() async {
    loop?.stop()
    await following?.value
  }

  private func started() throws -> CallerLoop {
    if let loop { return loop }
    let loop = try CallerLoop(CallerSettings(server: server, local: server.ip, slots: 4))
    self.loop = loop
    following = Task { [weak self] in
      for await event in loop.events { await self?.note(event) }
    }
    return loop
  }

  private func note(_ event: CallerEvent) {
    switch event {
    case .answered(let id, _):
      if let caller = present.first(where: { $0.id == id }) {
        tell("test caller \(id.rawValue) talks in room \(caller.room)")
      }
    case .ended(let id, let ending):
      present.removeAll { $0.id == id }
      tell("test caller \(id.rawValue): \(ending)")
    case .secured, .taken, .measured: break
    }
  }

  /// Says who it is, pauses, says more, and pauses long enough for an answer.
  private func speech(_ number: Int) -> AudioClip {
    let rate = 16_000
    let texts = ["callers-talk", "announcement-demo", "hold-still", "only-participant"]
    var samples: [Int16] = []
    for index in 0..<2 {
      let name = index == 0 ? texts[0] : texts[1 + number % (texts.count - 1)]
      samples += library.clip(name, language: language)?.resampled(to: rate).samples ?? []
      // Callers pause differently long, so that they do not speak in chorus for ever.
      samples += Array(repeating: 0, count: rate * (3 + index * 2 + number % 3))
    }
    if samples.contains(where: { $0 != 0 }) { return AudioClip(samples: samples, sampleRate: rate) }
    return SpeechLibrary(promptDirectory: "").speech(number, seconds: 8)
  }
}
