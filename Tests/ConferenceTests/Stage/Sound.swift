import Foundation

/// Test signals and what can be measured in what somebody heard. Levels in decibels; a sine of full scale is 0.
enum Sound {
  static let fullScale = 32_767.0

  /// A voice: from seconds to an amplitude of −1 … 1.
  typealias Voice = @Sendable (Double) -> Double

  static func amplitude(_ decibels: Double) -> Double { pow(10, decibels / 20) }
  static func decibels(_ ratio: Double) -> Double { ratio > 1e-10 ? 20 * log10(ratio) : -200 }

  static let silence: Voice = { _ in 0 }

  /// A steady tone. At −17 dB it has −20 dBov, the level that levelling aims at.
  static func tone(_ frequency: Double, level: Double = -17) -> Voice {
    let amplitude = amplitude(level)
    return { amplitude * sin(2 * Double.pi * frequency * $0) }
  }

  /// The same in pieces: `on` seconds of sound, `off` seconds of silence; edges of 5 ms.
  static func bursts(_ frequency: Double, level: Double = -17, on: Double, off: Double, start: Double = 0) -> Voice {
    let amplitude = amplitude(level)
    return { time in
      let place = (time - start).truncatingRemainder(dividingBy: on + off)
      guard time >= start, place < on else { return 0 }
      let edge = min(min(place, on - place) / 0.005, 1)
      return edge * amplitude * sin(2 * Double.pi * frequency * time)
    }
  }

  /// Only from `start` to `end`, in seconds, with edges of 5 ms.
  static func only(_ voice: @escaping Voice, from start: Double, to end: Double = .infinity) -> Voice {
    { time in
      guard time >= start, time < end else { return 0 }
      return min(min(time - start, end - time) / 0.005, 1) * voice(time)
    }
  }

  /// The level of one frequency, through a Hann window over all samples.
  static func level(of frequency: Double, in samples: some Collection<Int16>, rate: Int) -> Double {
    let count = Double(samples.count)
    guard count > 0 else { return -200 }
    var (real, imaginary) = (0.0, 0.0)
    var place = 0.0
    for sample in samples {
      let window = 0.5 - 0.5 * cos(2 * Double.pi * (place + 0.5) / count)
      let angle = 2 * Double.pi * frequency * place / Double(rate)
      real += Double(sample) * window * cos(angle)
      imaginary += Double(sample) * window * sin(angle)
      place += 1
    }
    return decibels((real * real + imaginary * imaginary).squareRoot() * 4 / count / fullScale)
  }

  /// Root mean square of all samples; a sine of full scale gives −3.
  static func power(_ samples: some Collection<Int16>) -> Double {
    guard !samples.isEmpty else { return -200 }
    var sum = 0.0
    for sample in samples { sum += Double(sample) * Double(sample) }
    return decibels((sum / Double(samples.count)).squareRoot() / fullScale)
  }

  static func peak(_ samples: some Collection<Int16>) -> Int {
    samples.reduce(0) { max($0, abs(Int($1))) }
  }

  /// What is left of samples when these tones are taken out by least squares, over pieces of 20 ms, against all: a
  /// signal-to-noise ratio for mixed tones. Adjacent tones must lie 100 Hz apart.
  static func signalToNoise(_ samples: [Int16], tones: [Double], rate: Int) -> Double {
    let residual = residuals(samples, tones: tones, rate: rate)
    var (signal, noise) = (0.0, 0.0)
    for sample in samples.prefix(residual.count) { signal += Double(sample) * Double(sample) }
    for sample in residual { noise += sample * sample }
    return 10 * log10(max(signal, 1) / max(noise, 1e-9))
  }

  /// The loudest piece of 2.5 ms in what these tones do not explain: a click stands out there.
  static func disturbance(_ samples: [Int16], tones: [Double], rate: Int) -> Double {
    let residual = residuals(samples, tones: tones, rate: rate)
    let piece = rate / 400
    var worst = 0.0
    var start = 0
    while start + piece <= residual.count {
      var sum = 0.0
      for index in start..<start + piece { sum += residual[index] * residual[index] }
      worst = max(worst, sum / Double(piece))
      start += piece
    }
    return decibels(worst.squareRoot() / fullScale)
  }

  private static func residuals(_ samples: [Int16], tones: [Double], rate: Int) -> [Double] {
    let piece = rate / 50
    var residual: [Double] = []
    residual.reserveCapacity(samples.count)
    let bases = tones.flatMap { tone -> [[Double]] in
      let angle = 2 * Double.pi * tone / Double(rate)
      return [(0..<piece).map { cos(angle * Double($0)) }, (0..<piece).map { sin(angle * Double($0)) }]
    }
    let inverse = normalEquations(bases)
    var start = 0
    while start + piece <= samples.count {
      let part = samples[start..<start + piece].map(Double.init)
      let products = bases.map { basis in zip(basis, part).reduce(0) { $0 + $1.0 * $1.1 } }
      let weights = inverse.map { row in zip(row, products).reduce(0) { $0 + $1.0 * $1.1 } }
      for index in 0..<piece {
        var value = part[index]
        for (weight, basis) in zip(weights, bases) { value -= weight * basis[index] }
        residual.append(value)
      }
      start += piece
    }
    return residual
  }

  /// The inverse of the Gram matrix of some bases, by Gauss and Jordan.
  private static func normalEquations(_ bases: [[Double]]) -> [[Double]] {
    let size = bases.count
    var rows = bases.enumerated().map { place, left in
      bases.map { right in zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
        + (0..<size).map { $0 == place ? 1.0 : 0.0 }
    }
    for column in 0..<size {
      let pivot = (column..<size).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
      rows.swapAt(column, pivot)
      let factor = rows[column][column]
      for index in 0..<2 * size { rows[column][index] /= factor }
      for row in 0..<size where row != column {
        let factor = rows[row][column]
        for index in 0..<2 * size { rows[row][index] -= factor * rows[column][index] }
      }
    }
    return rows.map { Array($0[size...]) }
  }

  /// The largest second difference: it is bounded for a mix of steady tones, and a click exceeds the bound.
  static func roughness(_ samples: some Collection<Int16>) -> Int {
    var (before, last, worst) = (0, 0, 0)
    for (index, sample) in samples.enumerated() {
      let value = Int(sample)
      if index >= 2 { worst = max(worst, abs(value - 2 * last + before)) }
      (before, last) = (last, value)
    }
    return worst
  }
}
