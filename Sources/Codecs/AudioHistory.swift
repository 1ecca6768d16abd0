/// The last 50 ms of what was played, always in one piece.
struct AudioHistory: Sendable {
  private let length: Int
  /// Four times as long as needed: it is moved to the front only when it is full.
  private var samples: [Int16]
  private var end: Int

  init(sampleRate: Int) {
    length = max(sampleRate / 20, 1)
    samples = Array(repeating: 0, count: 4 * length)
    end = length
  }

  /// Oldest first.
  var recent: Span<Int16> {
    @_lifetime(borrow self) get { samples.span.extracting(end - length..<end) }
  }

  mutating func append(_ new: Span<Int16>) {
    let length = length
    let count = min(new.count, length)
    let skipped = new.count &- count
    var end = end
    var span = samples.mutableSpan
    if end &+ count > span.count {
      let from = end &- length
      for index in 0..<length { span[index] = span[from &+ index] }
      end = length
    }
    for index in 0..<count { span[end &+ index] = new[skipped &+ index] }
    self.end = end &+ count
  }
}
