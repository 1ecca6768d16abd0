/// `a=rtpmap`: what a payload type number stands for. RFC 8866, section 6.6.
package struct RTPMap: Hashable, Sendable {
  package var payloadType: UInt8
  package var encodingName: String
  /// Hertz.
  package var clockRate: Int
  package var channels: Int

  package init(payloadType: UInt8, encodingName: String, clockRate: Int, channels: Int = 1) {
    self.payloadType = payloadType
    self.encodingName = encodingName
    self.clockRate = clockRate
    self.channels = channels
  }

  /// `111 opus/48000/2`
  package init?(_ value: String) {
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, let payloadType = UInt8(parts[0]), payloadType < 128 else { return nil }
    let encoding = parts[1].split(separator: "/", omittingEmptySubsequences: false)
    guard encoding.count >= 2, !encoding[0].isEmpty,
      let clockRate = Int(encoding[1].prefix { $0.isASCII && $0.isNumber }), (1...1_000_000).contains(clockRate)
    else { return nil }
    let channels = encoding.count > 2 ? Int(encoding[2].prefix { $0.isASCII && $0.isNumber }) ?? 1 : 1
    self.init(
      payloadType: payloadType, encodingName: String(encoding[0]), clockRate: clockRate,
      channels: (1...255).contains(channels) ? channels : 1)
  }

  /// The audio payload types of RFC 3551, table 4, that need no `a=rtpmap`.
  package static func fixed(_ payloadType: UInt8) -> RTPMap? {
    let row: (String, Int, Int)? =
      switch payloadType {
      case 0: ("PCMU", 8_000, 1)
      case 3: ("GSM", 8_000, 1)
      case 4: ("G723", 8_000, 1)
      case 5: ("DVI4", 8_000, 1)
      case 6: ("DVI4", 16_000, 1)
      case 7: ("LPC", 8_000, 1)
      case 8: ("PCMA", 8_000, 1)
      case 9: ("G722", 8_000, 1)
      case 10: ("L16", 44_100, 2)
      case 11: ("L16", 44_100, 1)
      case 12: ("QCELP", 8_000, 1)
      case 13: ("CN", 8_000, 1)
      case 14: ("MPA", 90_000, 1)
      case 15: ("G728", 8_000, 1)
      case 16: ("DVI4", 11_025, 1)
      case 17: ("DVI4", 22_050, 1)
      case 18: ("G729", 8_000, 1)
      default: nil
      }
    return row.map { RTPMap(payloadType: payloadType, encodingName: $0.0, clockRate: $0.1, channels: $0.2) }
  }

  /// Encoding names ignore case (RFC 8866, section 6.6).
  package func codes(_ name: String, clockRate: Int, channels: Int) -> Bool {
    encodingName.lowercased() == name.lowercased() && self.clockRate == clockRate && self.channels == channels
  }
}

extension RTPMap: CustomStringConvertible {
  package var description: String {
    "\(payloadType) \(encodingName)/\(clockRate)" + (channels == 1 ? "" : "/\(channels)")
  }
}
