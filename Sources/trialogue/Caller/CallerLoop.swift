import Primitives
import Runtime

/// A thread that plays many telephones: places their calls, speaks, listens, measures. Seen from outside: commands go in, events
/// come out.
final class CallerLoop: Sendable {
  /// What happens. One consumer; ends after `stop()`.
  let events: AsyncStream<CallerEvent>
  private let mailbox: Mailbox<CallerCommand>
  private let thread: RuntimeThread

  /// Opens the SIP socket and starts the thread.
  init(_ settings: CallerSettings, random: RandomSource = .system) throws(SystemError) {
    let (stream, continuation) = AsyncStream.makeStream(of: CallerEvent.self)
    events = stream
    let mailbox = Mailbox<CallerCommand>()
    self.mailbox = mailbox
    // That the sockets can be opened is tried here, where an error can be told.
    _ = try CallerBody(settings, mailbox: mailbox, events: continuation, random: random)
    thread = try RuntimeThread(name: "callers") {
      do throws(SystemError) {
        var body = try CallerBody(settings, mailbox: mailbox, events: continuation, random: random)
        body.run()
      } catch {
        preconditionFailure("callers that could be made a moment ago cannot start: \(error)")
      }
    }
  }

  func post(_ command: CallerCommand) { mailbox.post(command) }

  /// Hangs up and ends the thread; `events` ends when all is done.
  func stop() { mailbox.post(.stop) }
}
