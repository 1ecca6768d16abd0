import Foundation

@testable import Audio

/// Test signals and measurements.
enum Signals {
  /// A small generator: the same numbers for the same seed.
  struct Noise {
    var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
    /// Uniform, −1 … 1.
    mutating func value() -> Double { Double(Int64(bitPattern: next())) / 9.3e18 }
  }

  static func decibels(_ ratio: Double) -> Double { ratio > 0 ? 20 * log10(ratio) : -200 }

  static func sine(_ frequency: Double, amplitude: Double, rate: Int, count: Int, phase: Double = 0) -> [Int16] {
    (0..<count).map {
      Int16((amplitude * sin(2 * Double.pi * frequency * Double($0) / Double(rate) + phase)).rounded())
    }
  }

  static func noise(count: Int, amplitude: Double, seed: UInt64) -> [Int16] {
    var noise = Noise(seed: seed)
    return (0..<count).map { _ in Int16(noise.value() * amplitude) }
  }

  static func sum(_ left: [Int16], _ right: [Int16]) -> [Int16] {
    zip(left, right).map { Int16(clamping: Int($0) + Int($1)) }
  }

  static func rms(_ samples: some Sequence<Int16>) -> Double {
    var energy = 0.0
    var count = 0.0
    for sample in samples {
      energy += Double(sample) * Double(sample)
      count += 1
    }
    return count > 0 ? (energy / count).squareRoot() : 0
  }

  static func largestStep(_ samples: [Int16]) -> Int {
    zip(samples, samples.dropFirst()).reduce(0) { max($0, abs(Int($1.1) - Int($1.0))) }
  }

  static func resample(_ input: [Int16], by resampler: inout Resampler) -> [Int16] {
    var output = Array(repeating: Int16(0), count: resampler.outputCount(for: input.count))
    var span = output.mutableSpan
    let count = resampler.process(input.span, into: &span)
    return Array(output[0..<count])
  }

  /// Least squares of one sine: its amplitude, and the RMS amplitude of everything else (times √2).
  static func fit(_ samples: [Int16], frequency: Double, rate: Int) -> (amplitude: Double, residual: Double) {
    let angle = 2 * Double.pi * frequency / Double(rate)
    var (cc, ss, cs, xc, xs) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (index, sample) in samples.enumerated() {
      let (c, s) = (cos(angle * Double(index)), sin(angle * Double(index)))
      cc += c * c
      ss += s * s
      cs += c * s
      xc += Double(sample) * c
      xs += Double(sample) * s
    }
    let determinant = cc * ss - cs * cs
    let a = (xc * ss - xs * cs) / determinant
    let b = (xs * cc - xc * cs) / determinant
    var rest = 0.0
    for (index, sample) in samples.enumerated() {
      let error = Double(sample) - a * cos(angle * Double(index)) - b * sin(angle * Double(index))
      rest += error * error
    }
    return ((a * a + b * b).squareRoot(), (2 * rest / Double(samples.count)).squareRoot())
  }

  /// The gain of a resampler's filter in decibels, at a frequency in cycles per sample of the raised rate.
  static func gain(of filter: ResamplerFilter, up: Int, at frequency: Double) -> Double {
    var (real, imaginary) = (0.0, 0.0)
    for phase in 0..<up {
      for tap in 0..<filter.taps {
        let time = Double(phase + (filter.taps - 1 - tap) * up)
        let weight = Double(filter.bank[phase * filter.taps + tap])
        real += weight * cos(2 * Double.pi * frequency * time)
        imaginary -= weight * sin(2 * Double.pi * frequency * time)
      }
    }
    return decibels((real * real + imaginary * imaginary).squareRoot() / Double(up))
  }
}
