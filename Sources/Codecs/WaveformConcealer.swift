/// Concealment of lost audio for codecs that have none, after the idea of ITU-T G.711, Appendix I.
///
/// The last pitch periods are repeated: one for the first 10 ms, then two, then three, so that it does not buzz. From
/// 10 ms on it fades, and is silent at 60 ms. Unlike the appendix it adds no delay: it begins by sliding from the last
/// sample into the repetition instead of changing what was already played.
package struct WaveformConcealer: Sendable {
  private enum State: Hashable, Sendable {
    case steady
    /// Samples made up so far in this loss.
    case concealing(made: Int)
    /// Real audio is back and fades in; `done` of `total` samples.
    case returning(made: Int, done: Int, total: Int)
  }

  private let tenMilliseconds: Int
  private var state = State.steady
  private var history: AudioHistory
  private var synthesis: PitchSynthesis

  package init(sampleRate: Int) {
    tenMilliseconds = max(sampleRate / 100, 10)
    history = AudioHistory(sampleRate: sampleRate)
    synthesis = PitchSynthesis(sampleRate: sampleRate)
  }

  /// Takes decoded audio, in order. Blends its beginning with the concealment if audio was missing before it.
  package mutating func receive(_ samples: inout MutableSpan<Int16>) {
    switch state {
    case .steady: break
    case .concealing(let made):
      // The longer the guess ran, the further it may be off: 4 ms more for each 10 ms after the first, at most 10 ms.
      let quarter = synthesis.quarterPeriod
      let longer = max(made &- tenMilliseconds, 0) / tenMilliseconds * tenMilliseconds * 4 / 10
      blend(&samples, made: made, done: 0, total: min(quarter &+ longer, tenMilliseconds))
    case .returning(let made, let done, let total): blend(&samples, made: made, done: done, total: total)
    }
    history.append(samples.span)
  }

  /// Makes up `count` samples, at most what the span holds; returns their number.
  package mutating func conceal(_ count: Int, into samples: inout MutableSpan<Int16>) -> Int {
    let count = min(max(count, 0), samples.count)
    var made = 0
    if case .concealing(let before) = state {
      made = before
    } else {
      synthesis.start(from: history)
    }
    for index in 0..<count { samples[index] = synthesis.next(after: made &+ index) }
    state = .concealing(made: made &+ count)
    history.append(samples.span.extracting(0..<count))
    return count
  }

  private mutating func blend(_ samples: inout MutableSpan<Int16>, made: Int, done: Int, total: Int) {
    let count = min(total &- done, samples.count)
    let step = 1 / Float(total &+ 1)
    for index in 0..<count {
      let weight = Float(done &+ index &+ 1) * step
      let guess = Float(synthesis.next(after: made &+ done &+ index))
      let sample = Float(samples[index])
      samples[index] = Int16(clamping: Int32((guess + (sample - guess) * weight).rounded()))
    }
    state = done &+ count < total ? .returning(made: made, done: done &+ count, total: total) : .steady
  }
}
