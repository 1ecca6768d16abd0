import Primitives

/// What the attributes say, understood.
extension MediaDescription {
  package var connection: Connection? { connections.first }

  /// Payload type numbers of the `m=` line, in order; what is no number from 0 to 127 is left out.
  package var payloadTypes: [UInt8] { formats.compactMap { UInt8($0) }.filter { $0 < 128 } }

  package var rtpmaps: [RTPMap] { attributes.all("rtpmap").compactMap { RTPMap($0) } }

  /// What the payload types of the `m=` line stand for, in order, each number once; what nobody explains is left out.
  /// The attributes are read once: asking for each number costs its product with all of them.
  ///
  /// - Parameter offer: the section that this one answers; it explains what the answer does not.
  package func codings(answering offer: MediaDescription? = nil) -> [RTPMap] {
    var named: [UInt8: RTPMap] = [:]
    for map in rtpmaps + (offer?.rtpmaps ?? []) where named[map.payloadType] == nil { named[map.payloadType] = map }
    var seen: Set<UInt8> = []
    return payloadTypes.compactMap { type in
      seen.insert(type).inserted ? named[type] ?? RTPMap.fixed(type) : nil
    }
  }

  /// What a payload type stands for: by `a=rtpmap`, else by RFC 3551.
  package func rtpmap(_ payloadType: UInt8) -> RTPMap? {
    rtpmaps.first { $0.payloadType == payloadType } ?? RTPMap.fixed(payloadType)
  }

  /// The format parameters of a payload type (RFC 8866, section 6.15).
  package func fmtp(_ payloadType: UInt8) -> String? {
    for value in attributes.all("fmtp") {
      let parts = value.split(separator: " ", maxSplits: 1)
      if let first = parts.first, UInt8(first) == payloadType { return parts.count > 1 ? String(parts[1]) : "" }
    }
    return nil
  }

  /// Milliseconds; fractions, which some devices write, are cut.
  package var ptime: Int? { attributes["ptime"].flatMap(MediaDescription.milliseconds) }
  package var maxptime: Int? { attributes["maxptime"].flatMap(MediaDescription.milliseconds) }

  /// Nil if the section does not say.
  package var direction: Direction? { MediaDescription.direction(in: attributes) }

  package var hasRTCPMux: Bool { attributes.has("rtcp-mux") }

  /// `a=rtcp:port [IN IP4 address]`: RFC 3605.
  package var rtcp: (port: UInt16, ip: IPAddress?)? {
    guard let parts = attributes["rtcp"]?.split(separator: " "), let first = parts.first, let port = UInt16(first)
    else { return nil }
    return (port, parts.count >= 4 ? IPAddress(parts[3]) : nil)
  }

  /// RFC 5888, section 4: a token; nil if it is none, for no group could name it.
  package var mid: String? {
    guard let mid = attributes["mid"], !mid.isEmpty, mid.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      return nil
    }
    return mid
  }
  package var extensionMaps: [ExtensionMap] { attributes.all("extmap").compactMap { ExtensionMap($0) } }
  /// SDES keys, as written: RFC 4568.
  package var crypto: [String] { attributes.all("crypto") }
  /// ICE candidates, as written: RFC 8839.
  package var candidates: [String] { attributes.all("candidate") }
  /// Certificate fingerprints, as written: RFC 8122.
  package var fingerprints: [String] { attributes.all("fingerprint") }

  /// Sources that RFC 5576 names, each once, in order.
  package var ssrcs: [UInt32] {
    var found: [UInt32] = []
    for value in attributes.all("ssrc") {
      guard let first = value.split(separator: " ").first, let ssrc = UInt32(first), !found.contains(ssrc) else {
        continue
      }
      found.append(ssrc)
      if found.count == 64 { break }
    }
    return found
  }

  static func direction(in attributes: AttributeList) -> Direction? {
    attributes.fields.lazy.compactMap { $0.value == nil ? Direction(rawValue: $0.name) : nil }.first
  }

  private static func milliseconds(_ text: String) -> Int? {
    let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
    guard let value = Int(Substring(digits)), (1...1_000).contains(value) else { return nil }
    return value
  }
}
