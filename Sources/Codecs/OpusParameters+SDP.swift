extension OpusParameters {
  /// Reads the parameters of an `a=fmtp` (RFC 7587, section 6.1). What is unknown or out of range is left at its default.
  package init(fmtp: String) {
    self.init()
    for part in fmtp.split(separator: ";") {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { continue }
      let name = pair[0].filter { $0 != " " && $0 != "\t" }.lowercased()
      guard let value = Int(pair[1].filter { $0 != " " && $0 != "\t" }) else { continue }
      switch name {
      case "maxplaybackrate": maxPlaybackRate = min(max(value, 8_000), 48_000)
      case "maxaveragebitrate": maxAverageBitRate = min(max(value, 6_000), 510_000)
      case "useinbandfec": useInbandFEC = value == 1
      case "usedtx": useDTX = value == 1
      case "cbr": constantBitRate = value == 1
      case "stereo": stereo = value == 1
      default: continue
      }
    }
  }

  /// The text of an `a=fmtp` after the payload type; empty if every parameter has its default.
  package var fmtp: String {
    var parts: [String] = []
    if maxPlaybackRate != 48_000 { parts.append("maxplaybackrate=\(maxPlaybackRate)") }
    if let maxAverageBitRate { parts.append("maxaveragebitrate=\(maxAverageBitRate)") }
    if stereo { parts.append("stereo=1") }
    if constantBitRate { parts.append("cbr=1") }
    if useInbandFEC { parts.append("useinbandfec=1") }
    if useDTX { parts.append("usedtx=1") }
    return parts.joined(separator: ";")
  }
}
