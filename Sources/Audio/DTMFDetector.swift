/// Finds digits in audio: ITU-T Q.24 with the limits that most administrations share.
///
/// The eight frequencies are demodulated in hops of 3.25 ms; four hops make the window of a Goertzel filter. A digit counts
/// when eight windows in a row hold nearly all energy in one row and one column tone, within the twist, and the phases
/// prove that both frequencies are right and steady: a tone of 40 ms always passes, one of 23 ms never, and voices do not
/// hold still so long. Any rate from 8 kHz up.
package struct DTMFDetector: Sendable {
  /// Windows in a row for a digit to count, and misses in a row for its end.
  static let hits = 8
  static let misses = 5
  /// The least share of the energy in the two tones.
  static let share: Float = 0.65
  /// Decibels (as ratio of powers) by which the column may be louder and softer than the row: +6, −10. A loud row leaks into
  /// the window of the column: tones 8 dB apart can measure 9.
  static let twist: Float = 4
  static let reverseTwist: Float = 10
  /// How far a frequency may be off, as a share: 1.8 % must be accepted, 3.5 % refused.
  static let tolerance: Float = 0.026
  /// Each tone's least level: −42 dB below a full-scale sine.
  static let floor: Float = -42

  private enum State: Sendable {
    case silent
    /// So many windows in a row spoke for a digit.
    case rising(UInt8, hits: Int)
    case digit(UInt8, hops: Int, misses: Int)
  }

  private var state = State.silent
  private var tones: DTMFToneBank
  private var events: [DTMFEvent] = []
  /// Sums of the phase steps of row and column since the first hit, in radians.
  private var drift = SIMD2<Float>.zero

  /// Hertz, 8,000 or more.
  package init(sampleRate: Int) {
    tones = DTMFToneBank(sampleRate: max(sampleRate, 8_000))
    events.reserveCapacity(8)
  }

  /// Takes samples in frames of any length; afterwards take the events with `nextEvent`.
  package mutating func process(_ samples: Span<Int16>) {
    var taken = 0
    while taken < samples.count {
      taken += tones.take(samples.extracting(taken..<samples.count))
      if tones.isHopComplete {
        judge(tones.finishHop())
      }
    }
  }

  /// The next event in order; nil when there is none. At most 64 wait, further ones are lost.
  package mutating func nextEvent() -> DTMFEvent? { events.isEmpty ? nil : events.removeFirst() }

  /// The digit that sounds now.
  package var current: UInt8? {
    switch state {
    case .silent, .rising: nil
    case .digit(let code, _, _): code
    }
  }

  /// Forgets what was heard, as after a gap in the stream.
  package mutating func reset() {
    state = .silent
    tones.reset()
    events.removeAll(keepingCapacity: true)
  }

  private mutating func judge(_ window: DTMFToneBank.Window) {
    let code = candidate(window)
    switch state {
    case .silent: if let code { rise(code) }
    case .rising(let former, let hits):
      guard let code else {
        state = .silent
        return
      }
      guard code == former else { return rise(code) }
      drift += SIMD2(window.rowStep, window.columnStep)
      if hits + 1 < Self.hits {
        state = .rising(code, hits: hits + 1)
      } else if isSteady(window, steps: hits) {
        state = .digit(code, hops: hits + 1, misses: 0)
        report(.began(code))
      } else {
        // Wrong frequencies: start again, so that the right ones are found when they follow.
        state = .silent
      }
    case .digit(let current, let hops, let misses): sound(current, hops, misses, code)
    }
  }

  private mutating func sound(_ current: UInt8, _ hops: Int, _ misses: Int, _ code: UInt8?) {
    if code == current {
      state = .digit(current, hops: hops + misses + 1, misses: 0)
    } else if misses + 1 < Self.misses {
      state = .digit(current, hops: hops, misses: misses + 1)
    } else {
      // Windows reach about 9 ms further than the hits alone.
      report(.ended(current, milliseconds: Int(Float(hops) * tones.hopMilliseconds + 6)))
      state = .silent
      if let code { rise(code) }
    }
  }

  private mutating func rise(_ code: UInt8) {
    drift = .zero
    state = .rising(code, hits: 1)
  }

  private mutating func report(_ event: DTMFEvent) {
    if events.count < 64 { events.append(event) }
  }

  /// The phase against the nominal frequency turns by 2π · offset · time.
  private func isSteady(_ window: DTMFToneBank.Window, steps: Int) -> Bool {
    let seconds = Float(steps) * tones.hopMilliseconds / 1_000
    let scale = 1 / (2 * Float.pi * seconds)
    let row = Float(DTMFTone.rows[window.row])
    let column = Float(DTMFTone.columns[window.column])
    return abs(drift.x) * scale <= row * Self.tolerance && abs(drift.y) * scale <= column * Self.tolerance
  }

  private func candidate(_ window: DTMFToneBank.Window) -> UInt8? {
    guard window.rowPower >= tones.leastPower, window.columnPower >= tones.leastPower,
      window.columnPower <= window.rowPower * Self.twist, window.rowPower <= window.columnPower * Self.reverseTwist,
      window.share >= Self.share
    else { return nil }
    return DTMFTone.keypad[window.row * 4 + window.column]
  }
}
