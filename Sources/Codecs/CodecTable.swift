/// What SDP and an operator need to know of each codec: one row for each format that has a name of its own.
package enum CodecTable {
  /// One format and how it is offered.
  package struct Row: Hashable, Sendable {
    package var format: CodecFormat
    /// RFC 3551, section 6; nil if the number is given by the offer.
    package var staticPayloadType: UInt8?
    /// As in `a=rtpmap`.
    package var encodingName: String
    /// What follows the clock rate in `a=rtpmap`, or nil. Opus always says 2 there (RFC 7587, section 7).
    package var encodingParameters: String?
    /// Milliseconds.
    package var defaultPacketTime: Int
    package var licence: String
  }

  /// In the order of preference when nobody says otherwise.
  package static let rows: [Row] = [
    Row(
      format: .opus, staticPayloadType: nil, encodingName: "opus", encodingParameters: "2", defaultPacketTime: 20,
      licence: "libopus, BSD-3-Clause; patents royalty-free"),
    Row(
      format: .g722, staticPayloadType: 9, encodingName: "G722", encodingParameters: nil, defaultPacketTime: 20,
      licence: "own code; patents expired"),
    Row(
      format: .pcma, staticPayloadType: 8, encodingName: "PCMA", encodingParameters: nil, defaultPacketTime: 20,
      licence: "own code; free"),
    Row(
      format: .pcmu, staticPayloadType: 0, encodingName: "PCMU", encodingParameters: nil, defaultPacketTime: 20,
      licence: "own code; free"),
    l16(16_000), l16(8_000), l16(48_000), l16(24_000), l16(32_000),
    // Stereo (payload type 10) is understood by name, but not offered: 10 ms of it are longer than an Ethernet frame.
    l16(44_100, payloadType: 11),
  ]

  /// Rates of L16 that are understood, in hertz.
  package static let linearRates = [8_000, 16_000, 24_000, 32_000, 44_100, 48_000]

  /// The format that an `a=rtpmap` names; nil if it is not spoken here. Names are compared without case (RFC 4855, section 2).
  package static func lookup(encodingName: String, clockRate: Int, channels: Int = 1) -> CodecFormat? {
    guard (1...2).contains(channels) else { return nil }
    switch encodingName.uppercased() {
    case "PCMU": return clockRate == 8_000 && channels == 1 ? .pcmu : nil
    case "PCMA": return clockRate == 8_000 && channels == 1 ? .pcma : nil
    case "G722": return clockRate == 8_000 && channels == 1 ? .g722 : nil
    case "OPUS": return clockRate == 48_000 ? .opus : nil
    case "L16": return linearRates.contains(clockRate) ? .l16(clockRate, channels: channels) : nil
    default: return nil
    }
  }

  /// The format of a payload type without `a=rtpmap` (RFC 3551, section 6).
  package static func lookup(staticPayloadType: UInt8) -> CodecFormat? {
    rows.first { $0.staticPayloadType == staticPayloadType }?.format
  }

  /// The row of a format, whatever its Opus parameters are.
  package static func row(_ format: CodecFormat) -> Row? {
    rows.first {
      $0.format.codec == format.codec && $0.format.clockRate == format.clockRate
        && (format.codec == .opus || $0.format.channels == format.channels)
    }
  }

  private static func l16(_ rate: Int, channels: Int = 1, payloadType: UInt8? = nil) -> Row {
    Row(
      format: .l16(rate, channels: channels), staticPayloadType: payloadType, encodingName: "L16",
      encodingParameters: channels == 1 ? nil : "\(channels)",
      // 20 ms that fit into a datagram of 1,400 octets.
      defaultPacketTime: rate * channels * 2 / 50 <= 1_400 ? 20 : 10, licence: "own code; free")
  }
}
