/// Sums of sines that come and go in a cadence: call progress tones, beeps, and the bell of a room.
package struct ToneGenerator: Sendable {
  /// One sine.
  package struct Component: Sendable, Hashable {
    /// Hertz.
    package var frequency: Double
    /// Peak level relative to a sine of full scale, in decibels.
    package var level: Double
    package init(frequency: Double, level: Double) {
      self.frequency = frequency
      self.level = level
    }
  }

  /// So long on, so long off, again and again; `off` 0 is a steady tone.
  package struct Cadence: Sendable, Hashable {
    /// Milliseconds.
    package var on: Int
    package var off: Int
    package init(on: Int, off: Int) {
      self.on = on
      self.off = off
    }
    package static let steady = Cadence(on: 1_000, off: 0)
  }

  /// A sine as a point that turns around the origin.
  struct Oscillator: Sendable {
    var x: Double
    var y = 0.0
    let cosine: Double
    let sine: Double
    let amplitude: Double

    init(_ component: Component, sampleRate: Int) {
      let angle = 2 * Double.pi * component.frequency / Double(max(sampleRate, 1))
      amplitude = min(32_767, 32_767 * Mathematics.amplitude(decibels: component.level))
      x = amplitude
      cosine = Mathematics.cosine(angle)
      sine = Mathematics.sine(angle)
    }

    mutating func next() -> Double {
      let value = y
      (x, y) = (x * cosine - y * sine, x * sine + y * cosine)
      return value
    }

    /// Rounding lets the radius drift by 1e-16 a sample; once a second is often enough to mend it.
    mutating func normalise() {
      let radius = (x * x + y * y).squareRoot()
      guard radius > 0 else { return }
      x *= amplitude / radius
      y *= amplitude / radius
    }
  }

  package let sampleRate: Int
  private var oscillators: [Oscillator]
  private let on: Int
  private let period: Int
  private let edge: Int
  private var place = 0
  private var sinceMend = 0

  package init(_ components: [Component], cadence: Cadence = .steady, sampleRate: Int) {
    self.sampleRate = sampleRate
    oscillators = components.map { Oscillator($0, sampleRate: sampleRate) }
    on = max(cadence.on, 1) * sampleRate / 1_000
    period = cadence.off <= 0 ? 0 : max(on + cadence.off * sampleRate / 1_000, 1)
    edge = max(sampleRate / 200, 1)
  }

  /// Ringing as in most of Europe: 425 Hz, 1 s on, 4 s off (ITU-T E.180).
  package static func ringing(sampleRate: Int) -> ToneGenerator {
    ToneGenerator(
      [Component(frequency: 425, level: -16)], cadence: Cadence(on: 1_000, off: 4_000), sampleRate: sampleRate)
  }

  /// Busy: 425 Hz, 0.5 s on, 0.5 s off.
  package static func busy(sampleRate: Int) -> ToneGenerator {
    ToneGenerator(
      [Component(frequency: 425, level: -16)], cadence: Cadence(on: 500, off: 500), sampleRate: sampleRate)
  }

  /// Fills the span with the next samples. Edges of the cadence are rounded over 5 ms.
  package mutating func generate(into output: inout MutableSpan<Int16>) {
    for index in 0..<output.count {
      var sum = 0.0
      for oscillator in oscillators.indices { sum += oscillators[oscillator].next() }
      output[index] = Rounding.sample(SoftLimiter.bend(Float(sum * envelope())))
    }
    sinceMend += output.count
    if sinceMend >= sampleRate {
      sinceMend = 0
      for oscillator in oscillators.indices { oscillators[oscillator].normalise() }
    }
  }

  private mutating func envelope() -> Double {
    defer {
      place += 1
      // A steady tone only has its first edge.
      if period > 0, place >= period { place = 0 }
      if period == 0, place > edge { place = edge }
    }
    if place < edge { return Double(place) / Double(edge) }
    if period == 0 || place < on - edge { return 1 }
    return place < on ? Double(on - place) / Double(edge) : 0
  }

  /// The tone as a clip of so many milliseconds, faded out at its end.
  package static func clip(
    _ components: [Component], cadence: Cadence = .steady, milliseconds: Int, sampleRate: Int, name: String
  ) -> AudioClip {
    var generator = ToneGenerator(components, cadence: cadence, sampleRate: sampleRate)
    var samples = Array(repeating: Int16(0), count: max(milliseconds, 0) * sampleRate / 1_000)
    var span = samples.mutableSpan
    generator.generate(into: &span)
    var end = span._mutatingExtracting(max(0, span.count - sampleRate / 200)..<span.count)
    CrossFade.fadeOut(&end)
    return AudioClip(samples: samples, sampleRate: sampleRate, name: name)
  }
}
