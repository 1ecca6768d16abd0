extension SpeexParameters {
  /// Reads the parameters of an `a=fmtp` (RFC 5574, section 4.1.1). What is unknown or out of range is left at its default.
  package init(fmtp: String) {
    self.init()
    for part in fmtp.split(separator: ";") {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { continue }
      let value = pair[1].filter { $0 != " " && $0 != "\t" && $0 != "\"" }.lowercased()
      switch pair[0].filter({ $0 != " " && $0 != "\t" }).lowercased() {
      case "vbr": bitRate = BitRate(rawValue: value) ?? bitRate
      case "cng": comfortNoise = value == "on"
      case "mode": read(modes: value)
      default: continue
      }
    }
  }

  /// The text of an `a=fmtp` after the payload type; empty if every parameter has its default.
  package var fmtp: String {
    var parts: [String] = []
    if bitRate != .constant { parts.append("vbr=\(bitRate.rawValue)") }
    if comfortNoise { parts.append("cng=on") }
    if !modes.isEmpty {
      let names = modes.map(String.init) + (takesAnyMode ? ["any"] : [])
      // Always in quotes (RFC 5574, section 4.1.1).
      parts.append("mode=\"\(names.joined(separator: ","))\"")
    }
    return parts.joined(separator: ";")
  }

  private mutating func read(modes list: String) {
    var (known, takesAny) = ([Int](), false)
    for name in list.split(separator: ",").prefix(64) {
      if name == "any" { takesAny = true }
      guard let mode = Int(name), (0...10).contains(mode), !known.contains(mode) else { continue }
      if known.count < Self.maximumModes { known.append(mode) }
    }
    modes = known
    // A list of which nothing is understood says nothing.
    takesAnyMode = takesAny || known.isEmpty
  }
}
