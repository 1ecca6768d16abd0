/// A piece of mono audio in memory: a prompt, a tone, the music on hold.
package struct AudioClip: Sendable {
  /// Mono, native order.
  package let samples: [Int16]
  /// Hertz.
  package let sampleRate: Int
  package let name: String

  package init(samples: [Int16], sampleRate: Int, name: String = "") {
    self.samples = samples
    self.sampleRate = sampleRate
    self.name = name
  }

  /// Milliseconds, rounded down.
  package var duration: Int { sampleRate > 0 ? samples.count * 1_000 / sampleRate : 0 }

  /// The same clip at another rate, as long as before and not delayed: the filter's latency is cut off.
  package func resampled(to rate: Int) -> AudioClip {
    guard rate != sampleRate, Resampler.isSupported(rate), Resampler.isSupported(sampleRate) else { return self }
    var resampler = Resampler(from: sampleRate, to: rate)
    let wanted = samples.count * rate / sampleRate
    let delay = resampler.latency
    // The filter's tail comes out when silence is pushed in behind the clip.
    let padding = delay * sampleRate / rate + 8
    var output = Array(repeating: Int16(0), count: (samples.count + padding) * rate / sampleRate + 8)
    var filled = 0
    do {
      var span = output.mutableSpan
      filled = resampler.process(samples.span, into: &span)
      let silence = Array(repeating: Int16(0), count: padding)
      var rest = span._mutatingExtracting(filled..<span.count)
      filled += resampler.process(silence.span, into: &rest)
    }
    let end = min(delay + wanted, filled)
    return AudioClip(samples: Array(output[min(delay, end)..<end]), sampleRate: rate, name: name)
  }
}
