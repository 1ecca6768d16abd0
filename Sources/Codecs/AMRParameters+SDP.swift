extension AMRParameters {
  /// Reads the parameters of an `a=fmtp` (RFC 4867, section 8). What is unknown or out of range is left at its default.
  package init(fmtp: String) {
    self.init()
    for part in fmtp.split(separator: ";") {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { continue }
      let name = pair[0].filter { $0 != " " && $0 != "\t" }.lowercased()
      let text = pair[1].filter { $0 != " " && $0 != "\t" && $0 != "\"" }
      if name == "mode-set" {
        let modes = text.split(separator: ",").prefix(16).compactMap { Int($0) }.filter { (0...8).contains($0) }
        if !modes.isEmpty { self.modes = Array(Set(modes)).sorted() }
        continue
      }
      guard let value = Int(text) else { continue }
      switch name {
      case "octet-align": octetAligned = value == 1
      case "mode-change-period": modeChangePeriod = value == 2 ? 2 : 1
      case "mode-change-capability": canKeepToPeriod = value == 2
      case "mode-change-neighbor": onlyNeighbours = value == 1
      case "max-red": if (0...65_535).contains(value) { maximumRedundancy = value }
      case "crc", "robust-sorting": if value == 1 { needsWhatIsNotSpoken = true }
      case "interleaving": needsWhatIsNotSpoken = true
      default: continue
      }
    }
  }

  /// The text of an `a=fmtp` after the payload type; empty if every parameter has its default.
  package var fmtp: String {
    var parts: [String] = []
    if octetAligned { parts.append("octet-align=1") }
    if let modes { parts.append("mode-set=\(modes.map(String.init).joined(separator: ","))") }
    if modeChangePeriod == 2 { parts.append("mode-change-period=2") }
    if canKeepToPeriod { parts.append("mode-change-capability=2") }
    if onlyNeighbours { parts.append("mode-change-neighbor=1") }
    if let maximumRedundancy { parts.append("max-red=\(maximumRedundancy)") }
    return parts.joined(separator: ";")
  }
}
