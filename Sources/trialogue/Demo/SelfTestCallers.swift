import Primitives

/// The callers of the self-test: placed together, heard together.
struct SelfTestCallers {
  private let loop: CallerLoop

  init(server: TransportAddress) throws {
    loop = try CallerLoop(CallerSettings(server: server, local: .loopbackV4, slots: 4))
  }

  /// Places the calls and waits until all are answered. Returns what failed.
  func place(_ orders: [CallerOrder]) async -> [String] {
    loop.post(.place(orders, interval: .milliseconds(20)))
    var failures: [String] = []
    var settled = 0
    // An iterator of its own each time: the stream is consumed by one at a time.
    for await event in loop.events {
      switch event {
      case .answered: settled += 1
      case .ended(let id, let ending):
        settled += 1
        failures.append("\(id.rawValue): \(ending)")
      case .secured, .taken, .measured: break
      }
      if settled >= orders.count { break }
    }
    return failures
  }

  func say(_ id: CallerID, _ voice: CodedVoice) { loop.post(.say(id, voice, .once)) }

  /// Ends the calls and gives what each has heard.
  func hangUp(_ count: Int) async -> [CallerID: [KeptPacket]] {
    loop.post(.hangUp((0..<count).map { CallerID($0) }, interval: .zero))
    var heard: [CallerID: [KeptPacket]] = [:]
    var ended: Set<CallerID> = []
    for await event in loop.events {
      switch event {
      case .taken(let id, let packets): heard[id, default: []] += packets
      case .ended(let id, _): ended.insert(id)
      case .answered, .secured, .measured: break
      }
      if ended.count >= count { break }
    }
    await stop()
    return heard
  }

  func stop() async {
    loop.stop()
    for await _ in loop.events {}
  }
}
