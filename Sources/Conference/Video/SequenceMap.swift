/// Which number of a watcher's stream each packet of one source has got: gapless over what is left out on purpose, and with
/// a place kept for each packet that is still missing.
///
/// A ring over the last packets, memory taken once. What comes later than that is lost.
struct SequenceMap: Sendable {
  /// Packets of reordering that are understood; a power of two.
  static let window: Int64 = 256

  /// What a packet gets.
  enum Place: Equatable, Sendable {
    /// The next number, or, if it is late, the one that was kept for it.
    case number(Int64)
    /// Seen before, left out before, or too old.
    case none
  }

  private enum State: UInt8, Sendable {
    case empty, kept, done
  }

  private struct Entry: Sendable {
    var incoming: Int64 = .min
    var outgoing: Int64 = 0
    var state = State.empty
  }

  private var entries: [Entry]
  private(set) var first: Int64 = 0
  private(set) var highest: Int64 = -1
  /// What the packet after `highest` would get.
  private(set) var next: Int64 = 0

  init() { entries = Array(repeating: Entry(), count: Int(Self.window)) }

  /// Begins with the packet `incoming`, which will get the number `outgoing`.
  mutating func start(at incoming: Int64, as outgoing: Int64) {
    for index in 0..<entries.count { entries[index].state = .empty }
    first = incoming
    highest = incoming &- 1
    next = outgoing
  }

  /// Whether a packet of this number would come after all that came.
  func isNew(_ incoming: Int64) -> Bool { incoming > highest }

  /// Takes a packet. With `isForwarded` false a new one leaves no gap; a late one leaves the place that was kept for it.
  mutating func take(_ incoming: Int64, isForwarded: Bool) -> Place {
    guard incoming > highest else { return takeLate(incoming) }
    var missing = max(highest &+ 1, incoming &- Self.window &+ 1)
    while missing < incoming {
      let index = place(missing)
      entries[index] = Entry(incoming: missing, outgoing: next &+ (missing &- highest &- 1), state: .kept)
      missing &+= 1
    }
    let number = next &+ (incoming &- highest &- 1)
    entries[place(incoming)] = Entry(incoming: incoming, outgoing: number, state: .done)
    highest = incoming
    next = isForwarded ? number &+ 1 : number
    return isForwarded ? .number(number) : .none
  }

  private mutating func takeLate(_ incoming: Int64) -> Place {
    let index = place(incoming)
    guard incoming >= first, entries[index].incoming == incoming, entries[index].state == .kept else { return .none }
    entries[index].state = .done
    return .number(entries[index].outgoing)
  }

  private func place(_ incoming: Int64) -> Int { Int(truncatingIfNeeded: incoming & (Self.window &- 1)) }
}
