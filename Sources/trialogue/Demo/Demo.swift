import Application
import Foundation
import Primitives
import SIP

/// The demo at the console: says what there is to dial, obeys keys, tells what happens.
struct Demo: Sendable {
  var server: ServerInstance
  var isPublic: Bool
  private let console = Console()

  init(server: ServerInstance, isPublic: Bool) {
    self.server = server
    self.isPublic = isPublic
  }

  /// Runs until `q`, an interrupt or the server's end.
  func run() async {
    let configuration = server.configuration
    print(DemoText.welcome(configuration, isPublic: isPublic, keys: console.isTerminal))
    let (library, problems) = PromptFiles(
      directory: configuration.prompts.directory, names: configuration.prompts.names
    ).load(fallback: configuration.prompts.language)
    if let problem = problems.first { print("Note: \(problem)\n") }
    let address = configuration.listen.sip.first { $0.transport == .udp }?.address
    let callers = TestCallers(
      server: TransportAddress(.loopbackV4, port: address?.port ?? 5_060), library: library,
      language: configuration.prompts.language
    ) { print("  \($0)") }
    let signals = SignalStream([SIGTERM, SIGINT])
    let requests = signals.stream
    let events = await server.control.events(after: nil)
    await withTaskGroup(of: Bool.self) { group in
      // The first of these to end with true ends the demo.
      group.addTask {
        for await _ in requests { return true }
        return true
      }
      group.addTask {
        for await event in events { if let line = DemoText.line(event) { print("  \(line)") } }
        return false
      }
      group.addTask { await work(callers) }
      for await isEnd in group where isEnd { break }
      group.cancelAll()
    }
    signals.cancel()
    print("Ending.")
    console.restore()
    await callers.stop()
    await server.stop()
  }

  /// Obeys keys; false if there are none.
  private func work(_ callers: TestCallers) async -> Bool {
    var room = DemoText.rooms(server.configuration).first ?? "3000"
    for await key in console.keys {
      switch key {
      case "t": await callers.add(to: room)
      case "T", "x": await callers.remove(from: room)
      case "0"..."9":
        room = "300\(key)"
        print("  keys are about room \(room) now")
      case "r": await toggleRecording(of: room)
      case "q", "\u{4}": return true
      case "?", "h": print(DemoText.keys(room))
      default: break
      }
    }
    return false
  }

  private func toggleRecording(of room: String) async {
    do throws(ControlError) {
      if let recording = try await server.control.room(room).recording {
        _ = try await server.control.changeRecording(recording, .stop)
        print("  recording \(recording) of room \(room) ends")
      } else {
        let recording = try await server.control.startRecording(
          in: room, RecordingRequest(format: nil, tracks: nil, notice: nil))
        print("  room \(room) is recorded as \(recording.id) in \(server.configuration.recording.directory)/")
      }
    } catch {
      print("  \(error.kind == .notFound ? "Room \(room) is empty: call it, or press t" : error.detail)")
    }
  }
}
