import Conference
import Primitives

/// The voice entry: asks a caller for room number and PIN by key, three tries each, then ends politely.
///
/// A machine in the house's sense: digits, ends of prompts and time go in, actions come out. The same machine asks for
/// the PIN alone where a caller dialled a room directly.
package struct VoiceEntry: Sendable {
  /// What the owner does for the machine.
  package enum Action: Hashable, Sendable {
    /// Plays prompts to the caller; any digit stops them.
    case play([String])
    /// Asks the owner whether the room exists and what it wants; answered by `found` or `notFound`.
    case lookUp(String)
    /// Asks the owner to compare; answered by `accepted` or `refused`.
    case check(room: String, pin: String)
    case enter(room: String)
    /// The last prompt has been heard: hang up.
    case end
  }

  /// What the caller is asked for.
  private enum Step: Hashable, Sendable {
    case room
    case pin(room: String)
    case lookingUp
    case checking(room: String)
    case leaving
    case done
  }

  private static let tries = 3
  /// Digits of a room number or PIN at the most; more are ignored.
  private static let maximumDigits = 32
  /// After the last digit, in milliseconds: then what was keyed in counts as complete.
  private static let digitPause: Int64 = 4_000
  /// Of silence after a prompt, in milliseconds: then it counts as a failed try.
  private static let patience: Int64 = 10_000

  private var step: Step
  private var digits = ""
  private var failures = 0
  private var actions: [Action] = []
  /// When `timeout(at:)` wants to be called.
  package private(set) var deadline: Instant = .distantFuture

  /// Asks for the room number first.
  package init(greeting: [String] = ["welcome"]) {
    step = .room
    actions = [.play(greeting + ["enter-room-number"])]
  }

  /// Asks for the PIN of a room that was dialled directly.
  package init(pinOf room: String, greeting: [String] = []) {
    step = .pin(room: room)
    actions = [.play(greeting + ["enter-pin"])]
  }

  package mutating func nextAction() -> Action? { actions.isEmpty ? nil : actions.removeFirst() }

  /// A digit; `#` completes the number, `*` starts it over.
  package mutating func digit(_ digit: DTMFDigit, at now: Instant) {
    switch step {
    case .room, .pin: break
    case .lookingUp, .checking, .leaving, .done: return
    }
    switch digit {
    case .pound:
      complete()
    case .star:
      digits = ""
      deadline = now.advanced(byMilliseconds: Self.patience)
    case .zero, .one, .two, .three, .four, .five, .six, .seven, .eight, .nine, .a, .b, .c, .d:
      if digits.utf8.count < Self.maximumDigits { digits.append(digit.character) }
      deadline = now.advanced(byMilliseconds: Self.digitPause)
    }
  }

  /// The prompts of the last `play` have been heard, or were stopped.
  package mutating func promptEnded(at now: Instant) {
    switch step {
    case .room, .pin: if digits.isEmpty { deadline = now.advanced(byMilliseconds: Self.patience) }
    case .leaving:
      step = .done
      actions.append(.end)
    case .lookingUp, .checking, .done: break
    }
  }

  package mutating func timeout(at now: Instant) {
    guard now >= deadline else { return }
    deadline = .distantFuture
    complete()
  }

  package mutating func found(room: String, wantsPIN: Bool) {
    guard case .lookingUp = step else { return }
    failures = 0
    if wantsPIN {
      step = .pin(room: room)
      actions.append(.play(["enter-pin"]))
    } else {
      step = .done
      actions.append(.enter(room: room))
    }
  }

  package mutating func notFound() {
    guard case .lookingUp = step else { return }
    step = .room
    fail(["invalid-room"], again: "enter-room-number")
  }

  package mutating func accepted() {
    guard case .checking(let room) = step else { return }
    step = .done
    actions.append(.enter(room: room))
  }

  package mutating func refused() {
    guard case .checking(let room) = step else { return }
    step = .pin(room: room)
    fail(["invalid-pin"], again: "enter-pin")
  }

  private mutating func complete() {
    deadline = .distantFuture
    let number = digits
    digits = ""
    switch step {
    case .room where number.isEmpty: fail([], again: "enter-room-number")
    case .room:
      step = .lookingUp
      actions.append(.lookUp(number))
    case .pin where number.isEmpty: fail([], again: "enter-pin")
    case .pin(let room):
      step = .checking(room: room)
      actions.append(.check(room: room, pin: number))
    case .lookingUp, .checking, .leaving, .done: break
    }
  }

  private mutating func fail(_ prompts: [String], again: String) {
    failures += 1
    if failures >= Self.tries {
      step = .leaving
      actions.append(.play(prompts + ["goodbye"]))
    } else {
      actions.append(.play(prompts + [again]))
    }
  }
}
