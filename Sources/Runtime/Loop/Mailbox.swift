import Synchronization

/// Where other threads leave messages for a thread that looks every quantum: no wake-up is needed.
///
/// Sender and receiver swap two buffers, so nothing is allocated once both have grown to the usual size.
package final class Mailbox<Message: Sendable>: Sendable {
  private let waiting: Mutex<[Message]>

  package init(capacity: Int = 64) {
    var messages: [Message] = []
    messages.reserveCapacity(capacity)
    waiting = Mutex(messages)
  }

  package func post(_ message: Message) {
    waiting.withLock { $0.append(message) }
  }

  /// Exchanges what waits for `messages`, which must be empty and whose memory is used for what comes next.
  package func collect(into messages: inout [Message]) {
    precondition(messages.isEmpty, "the receiver has worked off its last messages")
    waiting.withLock { waiting in
      guard !waiting.isEmpty else { return }
      swap(&waiting, &messages)
    }
  }
}
