import Foundation
import Synchronization

/// Shows on a terminal how far all files are; elsewhere it shows nothing.
final class ProgressBar: Sendable {
  private struct State {
    var done = 0
    var shown = ContinuousClock.now
  }

  private static let width = 40
  private let total: Int
  private let isShown: Bool
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  /// `total` in octets of input.
  init(total: Int, isShown: Bool) {
    self.total = max(total, 1)
    self.isShown = isShown && isatty(STDERR_FILENO) == 1
  }

  func advance(_ octets: Int) {
    guard isShown else { return }
    let done = state.withLock { state -> Int? in
      state.done += octets
      guard ContinuousClock.now - state.shown > .milliseconds(100) else { return nil }
      state.shown = .now
      return state.done
    }
    if let done { write("\r" + ProgressBar.line(done: done, of: total, after: ContinuousClock.now - start)) }
  }

  /// Gives the line back.
  func clear() {
    if isShown { write("\r\u{1B}[K") }
  }

  static func line(done: Int, of total: Int, after elapsed: Duration) -> String {
    let share = min(Double(done) / Double(max(total, 1)), 1)
    let full = Int(share * Double(width))
    let seconds = Double(elapsed.components.seconds)
    let left = share > 0 ? Int(min(seconds / share * (1 - share), 1e9)) : 0
    let bar = String(repeating: "█", count: full) + String(repeating: "·", count: width - full)
    return "\(bar) \(Int(share * 100)) %, \(left) s left "
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
