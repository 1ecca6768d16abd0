/// The wave form of a recording for a page to draw, in the JSON form of the program audiowaveform (version 2, 8 bits).
///
/// Memory is bounded: when there are too many points, neighbours merge and each stands for twice as many samples.
package struct PeakBuilder: Sendable {
  /// The most points.
  package static let maximumPoints = 16_384

  package let sampleRate: Int
  package private(set) var samplesPerPixel: Int
  /// Lowest and highest value of each point, by turns, −128 … 127.
  package private(set) var points: [Int8] = []
  private var low: Int16 = .max
  private var high: Int16 = .min
  private var filled = 0

  /// `samplesPerPixel` of at least 2.
  package init(sampleRate: Int, samplesPerPixel: Int = 256) {
    self.sampleRate = sampleRate
    self.samplesPerPixel = max(samplesPerPixel, 2)
    points.reserveCapacity(2 * Self.maximumPoints)
  }

  package mutating func append(_ samples: Span<Int16>) {
    for index in 0..<samples.count {
      low = min(low, samples[index])
      high = max(high, samples[index])
      filled += 1
      if filled >= samplesPerPixel { closePoint() }
    }
  }

  /// Silence of so many samples.
  package mutating func appendSilence(_ count: Int) {
    var rest = max(count, 0)
    while rest > 0 {
      let part = min(rest, samplesPerPixel - filled)
      low = min(low, 0)
      high = max(high, 0)
      filled += part
      rest -= part
      if filled >= samplesPerPixel { closePoint() }
    }
  }

  /// The whole file, in octets of UTF-8.
  package func json() -> [UInt8] {
    var all = points
    if filled > 0 {
      all.append(Int8(low >> 8))
      all.append(Int8(high >> 8))
    }
    var text = "{\"version\":2,\"channels\":1,\"sample_rate\":\(sampleRate),\"samples_per_pixel\":\(samplesPerPixel),"
    text += "\"bits\":8,\"length\":\(all.count / 2),\"data\":["
    for (index, value) in all.enumerated() {
      if index > 0 { text += "," }
      text += String(value)
    }
    return Array((text + "]}\n").utf8)
  }

  private mutating func closePoint() {
    points.append(Int8(low >> 8))
    points.append(Int8(high >> 8))
    low = .max
    high = .min
    filled = 0
    if points.count >= 2 * Self.maximumPoints { merge() }
  }

  private mutating func merge() {
    var place = 0
    while place * 4 + 3 < points.count {
      points[place * 2] = min(points[place * 4], points[place * 4 + 2])
      points[place * 2 + 1] = max(points[place * 4 + 1], points[place * 4 + 3])
      place += 1
    }
    points.removeLast(points.count - place * 2)
    samplesPerPixel *= 2
  }
}
