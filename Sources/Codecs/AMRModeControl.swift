/// Which mode each frame is coded in: as high as the sender and the receiver both want, within what the receiver's parameters
/// allow (RFC 4867, sections 4.3.1 and 8: `mode-set`, `mode-change-period`, `mode-change-neighbor`).
package struct AMRModeControl: Sendable {
  private let band: AMRBand
  /// Bit n: mode n may be sent.
  private let allowed: UInt16
  private let period: Int
  private let onlyNeighbours: Bool
  /// The sender's own limit.
  private var limit: Int
  /// The receiver's, as its codec mode request (CMR) says.
  private var request: Int
  private var current: Int
  /// Frames since the mode could last change.
  private var phase = 0
  private var hasBegun = false

  package init(band: AMRBand, parameters: AMRParameters, mode: Int) {
    self.band = band
    let modes = (0...band.highestSentMode).filter { parameters.allows($0) }
    let every: UInt16 = 1 &<< UInt16(band.highestSentMode + 1) &- 1
    // `AMREncoder` refuses a set of which nothing can be sent.
    allowed = modes.isEmpty ? every : modes.reduce(0) { $0 | 1 &<< UInt16($1) }
    period = max(parameters.modeChangePeriod, 1)
    onlyNeighbours = parameters.onlyNeighbours
    limit = min(max(mode, 0), band.highestSentMode)
    request = band.highestSentMode
    current = 0
    current = target
  }

  package mutating func set(limit mode: Int) { limit = min(max(mode, 0), band.highestSentMode) }

  /// What the receiver asks for. Before the first frame there is no mode that could change by steps.
  package mutating func receive(_ wanted: AMRModeRequest) {
    switch wanted {
    case .best: request = band.highestSentMode
    case .mode(let mode): if (0...band.highestSentMode).contains(mode), isAllowed(mode) { request = mode }
    }
    if !hasBegun { current = target }
  }

  /// The mode of the next frame.
  package mutating func next() -> Int {
    hasBegun = true
    if phase == 0 { change() }
    phase = phase &+ 1 == period ? 0 : phase &+ 1
    return current
  }

  private mutating func change() {
    let target = target
    guard onlyNeighbours, target != current else {
      current = target
      return
    }
    let step = target > current ? 1 : -1
    // `target` is allowed, so the loop ends there at the latest.
    repeat { current = current &+ step } while current != target && !isAllowed(current)
  }

  /// The highest allowed mode within both limits; the lowest allowed one if all are beyond.
  private var target: Int {
    var mode = min(limit, request)
    while mode > 0, !isAllowed(mode) { mode = mode &- 1 }
    while mode < band.highestSentMode, !isAllowed(mode) { mode = mode &+ 1 }
    return mode
  }

  private func isAllowed(_ mode: Int) -> Bool { allowed &>> UInt16(truncatingIfNeeded: mode) & 1 == 1 }
}
