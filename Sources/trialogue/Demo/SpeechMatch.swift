import Audio

/// Recognises a piece of speech in what was heard, by its waveform: normalised cross-correlation, piece by piece.
///
/// Codecs, mixing with other voices, levelling and a jitter buffer that stretches time a little leave the waveform alike; another
/// text, even by the same voice, does not.
struct SpeechMatch: Sendable {
  /// Hertz that is compared: formants that tell sounds apart lie below the half of it.
  static let rate = 4_000
  /// Samples of a piece: long enough that two sounds are not alike by chance.
  static let piece = 1_600
  /// Where a piece may lie against its place in the whole, each way, in bins: a jitter buffer stretches no more.
  static let slack = 2
  /// Samples of a bin of places.
  static let bin = 40
  /// The energy of a piece of noise below which nothing is spoken: noise may look like anything.
  static let silence = 1_600.0 * 20 * 20
  /// Above this a match is one; right ones reach more even under a second voice, wrong ones stay below the lower bound.
  static let threshold = 0.45
  static let strangerThreshold = 0.3

  private let pieces: [(place: Int, samples: [Float], norm: Float)]

  init(_ reference: AudioClip) {
    let samples = SpeechMatch.whitened(reference)
    var pieces: [(place: Int, samples: [Float], norm: Float)] = []
    var place = 0
    while place + SpeechMatch.piece <= samples.count {
      let part = Array(samples[place..<place + SpeechMatch.piece])
      pieces.append((place, part, part.reduce(0) { $0 + $1 * $1 }.squareRoot()))
      place += SpeechMatch.piece
    }
    // Pauses between words say nothing.
    let loudest = pieces.map(\.norm).max() ?? 0
    self.pieces = pieces.filter { $0.norm > loudest * 0.25 }
  }

  /// How well the best place of the heard clip fits: 1 is the reference itself, chance stays below 0.2.
  func score(in heard: AudioClip) -> Double {
    let samples = SpeechMatch.whitened(heard)
    guard !pieces.isEmpty, samples.count > SpeechMatch.piece else { return 0 }
    let rows = pieces.map {
      (place: $0.place / SpeechMatch.bin, best: SpeechMatch.best($0.samples, $0.norm, in: samples))
    }
    let bins = rows.first?.best.count ?? 0
    var highest = 0.0
    for start in 0..<max(bins, 1) {
      var sum = 0.0
      for row in rows {
        let middle = start + row.place
        let from = max(0, middle - SpeechMatch.slack)
        let to = min(bins, middle + SpeechMatch.slack + 1)
        var most: Float = 0
        for index in from..<max(from, to) { most = max(most, row.best[index]) }
        sum += Double(most)
      }
      highest = max(highest, sum / Double(rows.count))
    }
    return highest
  }

  /// The highest correlation of a piece in each bin of places.
  private static func best(_ piece: [Float], _ norm: Float, in samples: [Float]) -> [Float] {
    let places = samples.count - piece.count + 1
    var result = Array(repeating: Float(0), count: (places + bin - 1) / bin)
    // In double precision, so that the running sum does not drift.
    var energy = piece.indices.reduce(0.0) { $0 + Double(samples[$1]) * Double(samples[$1]) }
    let block = 2_000
    var sums = Array(repeating: Float(0), count: block)
    var start = 0
    while start < places {
      let count = min(block, places - start)
      correlate(piece, samples, start, count, &sums)
      for index in 0..<count {
        let place = start + index
        let scale = Float(max(energy, SpeechMatch.silence).squareRoot()) * max(norm, 1)
        let value = sums[index] / scale
        if value > result[place / bin] { result[place / bin] = value }
        if place + piece.count < samples.count {
          let next = Double(samples[place + piece.count])
          let gone = Double(samples[place])
          energy += next * next - gone * gone
        }
      }
      start += count
    }
    return result
  }

  /// One sample of the piece against all places of the block: the inner loop has no sum and becomes vector instructions.
  private static func correlate(
    _ piece: [Float], _ samples: [Float], _ start: Int, _ count: Int, _ sums: inout [Float]
  ) {
    var row = sums.mutableSpan
    for index in 0..<row.count { row[index] = 0 }
    let source = samples.span
    let weights = piece.span
    for tap in 0..<weights.count {
      let weight = weights[tap]
      let part = source.extracting(start &+ tap..<start &+ tap &+ count)
      for index in 0..<count { row[index] += weight * part[index] }
    }
  }

  /// At 4 kHz, with the weight on what differs between sounds rather than on the pitch.
  private static func whitened(_ clip: AudioClip) -> [Float] {
    let narrow = clip.resampled(to: 8_000).samples
    guard narrow.count > 8 else { return [] }
    var result: [Float] = []
    result.reserveCapacity(narrow.count / 2)
    var last: Float = 0
    for index in stride(from: 1, to: narrow.count - 1, by: 2) {
      let value = (Float(narrow[index - 1]) + 2 * Float(narrow[index]) + Float(narrow[index + 1])) / 4
      result.append(value - 0.9 * last)
      last = value
    }
    return result
  }
}
