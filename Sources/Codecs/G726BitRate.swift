/// The four rates of G.726 (RFC 3551, section 4.5.4): 2 to 5 bits a sample, 8,000 samples a second.
package enum G726BitRate: Int, Hashable, Sendable, Codable, CaseIterable {
  case kilobits16 = 16_000
  case kilobits24 = 24_000
  case kilobits32 = 32_000
  case kilobits40 = 40_000

  /// Bits of a code word; also the octets that hold eight of them.
  package var bitsPerSample: Int { rawValue / 8_000 }

  /// The fewest samples whose code words fill whole octets: 4, 8, 2 or 8. Packets hold a multiple of it.
  package var samplesPerGroup: Int {
    switch self {
    case .kilobits16: 4
    case .kilobits24, .kilobits40: 8
    case .kilobits32: 2
    }
  }

  /// UPB: by this power of two the predictor's zeros forget at each sample.
  var leak: Int32 { self == .kilobits40 ? 9 : 8 }

  /// Samples, which are ticks of the RTP clock too, in so many octets. Bits at the end that are no code word do not count.
  package func samples(octets: Int) -> Int { max(octets, 0) &* 8 / bitsPerSample }

  /// Octets that the encoder makes of so many samples: it leaves out those at the end that fill no group.
  package func octets(samples: Int) -> Int {
    let groups = max(samples, 0) / samplesPerGroup
    return groups &* (samplesPerGroup &* bitsPerSample / 8)
  }
}
