/// What the attributes of a video section say.
extension MediaDescription {
  /// Simulcast streams of a section that are looked at.
  static let maximumLayers = 3

  /// A port of its own or, in a bundle, without one (RFC 9143, section 6).
  var isOpen: Bool { port != 0 || attributes.has("bundle-only") }

  /// The `rid` of each stream that is sent (RFC 8853, section 5.1): of alternatives the first, paused ones too.
  var sentLayers: [String] {
    let parts = (attributes["simulcast"] ?? "").split(separator: " ")
    guard let place = parts.firstIndex(of: "send"), place + 1 < parts.count else { return [] }
    let known = Set(
      attributes.all("rid").compactMap { value -> Substring? in
        let words = value.split(separator: " ")
        return words.count >= 2 && words[1] == "send" ? words[0] : nil
      })
    return parts[place + 1].split(separator: ";").compactMap { stream in
      let name = stream.split(separator: ",").first?.drop { $0 == "~" }
      return name.flatMap { known.contains($0) ? String($0) : nil }
    }.prefix(Self.maximumLayers).map { $0 }
  }

  /// Streams that RFC 5576 names, each with the one that repeats it.
  var sources: [AgreedVideo.Source] {
    var repeated: [UInt32: UInt32] = [:]
    for value in attributes.all("ssrc-group").prefix(Self.maximumLayers) {
      let parts = value.split(separator: " ")
      guard parts.count == 3, parts[0] == "FID", let source = UInt32(parts[1]), let repair = UInt32(parts[2])
      else { continue }
      repeated[source] = repair
    }
    let repairs = Set(repeated.values)
    return ssrcs.filter { !repairs.contains($0) }.prefix(Self.maximumLayers).map {
      AgreedVideo.Source(ssrc: $0, retransmission: repeated[$0])
    }
  }

  /// What is to be received at most, in bit/s: `b=TIAS` (RFC 3890), else `b=AS`.
  var bitrate: Int? {
    func value(_ type: String, _ unit: Int) -> Int? {
      guard let number = bandwidth.first(where: { $0.type == type }).flatMap({ Int($0.value) }), number > 0 else {
        return nil
      }
      return number > 1_000_000_000 / unit ? 1_000_000_000 : number * unit
    }
    return value("TIAS", 1) ?? value("AS", 1_000)
  }
}
