import Synchronization

/// Short-lived keys to the files of one recording each. A player and a link cannot send a token; the page asks for a
/// ticket with its token and puts that into the address instead.
final class RecordingTickets: Sendable {
  /// Tickets at a time; the oldest go first.
  static let capacity = 10_000
  static let lifetime = Duration.seconds(4 * 3_600)

  private struct Ticket {
    var recording: String
    var person: String
    var end: ContinuousClock.Instant
  }

  private struct State {
    var tickets: [String: Ticket] = [:]
    /// In the order in which they were given.
    var order: [String] = []
  }

  private let state = Mutex(State())

  /// A new one, 128 bits of chance in hex.
  func give(for recording: String, to person: String, at now: ContinuousClock.Instant = .now) -> String {
    let text = (0..<2).map { _ in
      let half = String(UInt64.random(in: 0...UInt64.max), radix: 16)
      return String(repeating: "0", count: 16 - half.count) + half
    }.joined()
    state.withLock { state in
      if state.order.count >= Self.capacity {
        for old in state.order.prefix(Self.capacity / 10) { state.tickets[old] = nil }
        state.order.removeFirst(Self.capacity / 10)
      }
      state.tickets[text] = Ticket(recording: recording, person: person, end: now + Self.lifetime)
      state.order.append(text)
    }
    return text
  }

  /// To whom it was given, if it opens the recording now.
  func person(_ text: String, recording: String, at now: ContinuousClock.Instant = .now) -> String? {
    state.withLock { state in
      guard let ticket = state.tickets[text], ticket.recording == recording, now < ticket.end else { return nil }
      return ticket.person
    }
  }
}
