extension WAVReader {
  /// Octets of a file that is still read whole: half an hour of 48 kHz stereo at 24 bits.
  package static let maximumFile = 512 << 20

  /// A whole file as a clip, its channels mixed down to their mean.
  package static func parse(_ bytes: [UInt8], name: String = "") throws(AudioFileError) -> AudioClip {
    guard bytes.count <= maximumFile else {
      throw AudioFileError(.tooLarge("A clip has at most \(maximumFile) octets."), at: maximumFile)
    }
    var reader = WAVReader()
    reader.append(bytes, isLast: true)
    guard let format = try reader.readHeader() else { throw AudioFileError(.missing("data chunk"), at: bytes.count) }
    var samples: [Int16] = []
    switch format.coding {
    case .ulaw, .alaw:
      var octets: [UInt8] = []
      try reader.takeOctets(into: &octets)
      samples = octets.map(format.coding == .ulaw ? expandULaw : expandALaw)
    default: try reader.takeSamples(into: &samples)
    }
    return AudioClip(samples: mixedDown(samples, format.channels), sampleRate: format.sampleRate, name: name)
  }

  private static func mixedDown(_ samples: [Int16], _ channels: Int) -> [Int16] {
    guard channels > 1 else { return samples }
    let count = samples.count / channels
    var mixed: [Int16] = []
    mixed.reserveCapacity(count)
    for frame in 0..<count {
      var sum = 0
      for channel in 0..<channels { sum += Int(samples[frame * channels + channel]) }
      mixed.append(Int16(clamping: Int((Double(sum) / Double(channels)).rounded())))
    }
    return mixed
  }

  /// ITU-T G.711, here once more because modules of this floor do not know each other.
  private static func expandULaw(_ code: UInt8) -> Int16 {
    let bits = ~code
    let magnitude = ((Int16(bits & 0x0F) << 3) + 0x84) << Int16((bits >> 4) & 7)
    return bits & 0x80 != 0 ? 0x84 - magnitude : magnitude - 0x84
  }

  private static func expandALaw(_ code: UInt8) -> Int16 {
    let bits = code ^ 0x55
    let segment = Int16((bits >> 4) & 7)
    var magnitude = Int16(bits & 0x0F) << 4 + 8
    if segment > 0 { magnitude = (magnitude + 0x100) << (segment - 1) }
    return bits & 0x80 != 0 ? magnitude : -magnitude
  }
}
