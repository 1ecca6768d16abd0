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
    package var defaultPacketTime = 20
    /// The `a=fmtp` of our offers, where the format's own does not say it.
    package var offer: String?
    /// Our offers name it; else it is spoken when a peer asks for it.
    package var isOffered = true
    /// Parameters whose value an answer repeats, since both ends must mean the same.
    package var mirrored: [String] = []
    /// Parameters that, unless 0, make the format one that is not spoken here.
    package var refused: [String] = []
    package var licence: String
  }

  /// In the order of preference when nobody says otherwise.
  package static let rows: [Row] =
    [
      Row(
        format: .opus, encodingName: "opus", encodingParameters: "2",
        licence: "libopus, BSD-3-Clause; patents royalty-free"),
      Row(format: .g722, staticPayloadType: 9, encodingName: "G722", licence: "own code; patents expired"),
      speex(16_000), speex(32_000, isOffered: false),
      Row(format: .pcma, staticPayloadType: 8, encodingName: "PCMA", licence: "own code; free"),
      Row(format: .pcmu, staticPayloadType: 0, encodingName: "PCMU", licence: "own code; free"),
      g726(.kilobits32, isOffered: true), g726(.kilobits40), g726(.kilobits24), g726(.kilobits16),
      g726(.kilobits32, .aal2), g726(.kilobits40, .aal2), g726(.kilobits24, .aal2), g726(.kilobits16, .aal2),
      Row(
        format: .ilbc(.thirtyMilliseconds), encodingName: "iLBC", defaultPacketTime: 30,
        offer: "mode=20", mirrored: ["mode"],
        licence: "own code; royalty-free"),
      speex(8_000),
      Row(format: .gsm, staticPayloadType: 3, encodingName: "GSM", licence: "own code; patents expired"),
      amr(.amrWB, "opencore-amr and vo-amrwbenc, Apache-2.0; patents may need a licence"),
      amr(.amr, "opencore-amr, Apache-2.0; patents may need a licence"),
    ] + g729 + [
      l16(16_000), l16(8_000, isOffered: false), l16(48_000, isOffered: false), l16(24_000, isOffered: false),
      l16(32_000, isOffered: false),
      l16(44_100, payloadType: 11, isOffered: false),
      // Stereo is sent as mono twice. At 44.1 and 48 kHz 10 ms of it are longer than an Ethernet frame, and go in pieces.
      l16(16_000, channels: 2, isOffered: false), l16(8_000, channels: 2, isOffered: false),
      l16(48_000, channels: 2, isOffered: false), l16(24_000, channels: 2, isOffered: false),
      l16(32_000, channels: 2, isOffered: false), l16(44_100, channels: 2, payloadType: 10, isOffered: false),
    ]

  /// Rates of L16 that are understood, in hertz.
  package static let linearRates = [8_000, 16_000, 24_000, 32_000, 44_100, 48_000]

  /// The format that an `a=rtpmap` and its `a=fmtp` name; nil if it is not spoken here. Names are compared without case
  /// (RFC 4855, section 2).
  package static func lookup(encodingName: String, clockRate: Int, channels: Int = 1, fmtp: String = "") -> CodecFormat?
  {
    guard (1...2).contains(channels) else { return nil }
    let name = encodingName.uppercased()
    if name == "L16" { return linearRates.contains(clockRate) ? .l16(clockRate, channels: channels) : nil }
    // Nothing else is spoken in stereo, but for Opus, which says 2 and means what it likes.
    guard channels == 1 || name == "OPUS" else { return nil }
    let row = rows.first { $0.format.clockRate == clockRate && $0.encodingName.uppercased() == name }
    guard let format = row?.format.reading(fmtp: fmtp) else { return nil }
    switch (format.codec, format.parameters) {
    case (.amr, .amr(let parameters)): return parameters.isSpoken(band: .narrow) ? format : nil
    case (.amrWB, .amr(let parameters)): return parameters.isSpoken(band: .wide) ? format : nil
    case _: return format
    }
  }

  /// The format of a payload type without `a=rtpmap` (RFC 3551, section 6).
  package static func lookup(staticPayloadType: UInt8) -> CodecFormat? {
    rows.first { $0.staticPayloadType == staticPayloadType }?.format
  }

  /// The row of a format, whatever its parameters are.
  package static func row(_ format: CodecFormat) -> Row? {
    rows.first {
      $0.format.codec == format.codec && $0.format.clockRate == format.clockRate
        && (format.codec == .opus || $0.format.channels == format.channels)
        && (format.codec != .g726 || $0.format.parameters == format.parameters)
    }
  }

  private static func l16(
    _ rate: Int, channels: Int = 1, payloadType: UInt8? = nil, isOffered: Bool = true
  ) -> Row {
    Row(
      format: .l16(rate, channels: channels), staticPayloadType: payloadType, encodingName: "L16",
      encodingParameters: channels == 1 ? nil : "\(channels)",
      // 20 ms that fit into a datagram of 1,400 octets.
      defaultPacketTime: rate * channels * 2 / 50 <= 1_400 ? 20 : 10, isOffered: isOffered, licence: "own code; free")
  }

  private static func g726(
    _ bitRate: G726BitRate, _ packing: G726Packing = .rfc3551, isOffered: Bool = false
  ) -> Row {
    let name = "G726-\(bitRate.rawValue / 1_000)"
    return Row(
      format: .g726(bitRate, packing), encodingName: packing == .aal2 ? "AAL2-" + name : name, isOffered: isOffered,
      licence: "own code; patents expired")
  }

  private static func speex(_ rate: Int, isOffered: Bool = true) -> Row {
    Row(format: .speex(rate), encodingName: "speex", isOffered: isOffered, licence: "libspeex, BSD-3-Clause; free")
  }

  private static func amr(_ format: CodecFormat, _ licence: String) -> Row {
    Row(
      format: format, encodingName: format.codec.rawValue, offer: "octet-align=1;max-red=0",
      mirrored: ["octet-align", "mode-set"],
      // Modes of RFC 4867, section 4, that nobody was seen to use.
      refused: ["crc", "robust-sorting", "interleaving"], licence: licence)
  }

  #if G729
    private static let g729 = [
      Row(
        format: .g729, staticPayloadType: 18, encodingName: "G729",
        licence: "bcg729, GPL-3.0: so is the program that contains it; patents expired")
    ]
  #else
    private static let g729: [Row] = []
  #endif
}
