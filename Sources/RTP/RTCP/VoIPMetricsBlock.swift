import Primitives

/// The VoIP metrics of one source, RFC 3611, section 4.7. Rates and densities are in 1/256, times in milliseconds, levels in
/// dBm; 127 stands for "not known" in levels and factors, 65,535 is not used.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     BT=7      |   reserved    |       block length = 8        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                        SSRC of source                         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |   loss rate   | discard rate  | burst density |  gap density  |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |       burst duration          |         gap duration          |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     round trip delay          |       end system delay        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | signal level  |  noise level  |     RERL      |     Gmin      |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |   R factor    | ext. R factor |    MOS-LQ     |    MOS-CQ     |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |   RX config   |   reserved    |          JB nominal           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |          JB maximum           |          JB abs max           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
package struct VoIPMetricsBlock: Hashable, Sendable {
  static let contentSize = 32
  package static let unknown: UInt8 = 127

  package var ssrc: UInt32
  package var lossRate: UInt8 = 0
  package var discardRate: UInt8 = 0
  package var burstDensity: UInt8 = 0
  package var gapDensity: UInt8 = 0
  package var burstDuration: UInt16 = 0
  package var gapDuration: UInt16 = 0
  package var roundTripDelay: UInt16 = 0
  package var endSystemDelay: UInt16 = 0
  package var signalLevel: Int8 = 127
  package var noiseLevel: Int8 = 127
  package var residualEchoReturnLoss: UInt8 = unknown
  package var minimumGap: UInt8 = 16
  package var rFactor: UInt8 = unknown
  package var externalRFactor: UInt8 = unknown
  /// MOS times 10.
  package var mosListening: UInt8 = unknown
  package var mosConversational: UInt8 = unknown
  /// Packet loss concealment (2 bits), adaptive jitter buffer (2), its rate (4).
  package var receiverConfiguration: UInt8 = 0
  package var jitterBufferNominal: UInt16 = 0
  package var jitterBufferMaximum: UInt16 = 0
  package var jitterBufferAbsoluteMaximum: UInt16 = 0

  package init(ssrc: UInt32) { self.ssrc = ssrc }

  init?(_ contents: Span<UInt8>) {
    var reader = ByteReader(contents)
    guard contents.count >= Self.contentSize, let ssrc = reader.readUInt32() else { return nil }
    self.init(ssrc: ssrc)
    lossRate = reader.readUInt8() ?? 0
    discardRate = reader.readUInt8() ?? 0
    burstDensity = reader.readUInt8() ?? 0
    gapDensity = reader.readUInt8() ?? 0
    burstDuration = reader.readUInt16() ?? 0
    gapDuration = reader.readUInt16() ?? 0
    roundTripDelay = reader.readUInt16() ?? 0
    endSystemDelay = reader.readUInt16() ?? 0
    signalLevel = Int8(bitPattern: reader.readUInt8() ?? 127)
    noiseLevel = Int8(bitPattern: reader.readUInt8() ?? 127)
    residualEchoReturnLoss = reader.readUInt8() ?? 127
    minimumGap = reader.readUInt8() ?? 0
    rFactor = reader.readUInt8() ?? 127
    externalRFactor = reader.readUInt8() ?? 127
    mosListening = reader.readUInt8() ?? 127
    mosConversational = reader.readUInt8() ?? 127
    receiverConfiguration = reader.readUInt8() ?? 0
    _ = reader.skip(1)
    jitterBufferNominal = reader.readUInt16() ?? 0
    jitterBufferMaximum = reader.readUInt16() ?? 0
    jitterBufferAbsoluteMaximum = reader.readUInt16() ?? 0
  }

  func write(to writer: inout ByteWriter) {
    writer.write(ssrc)
    writer.write([lossRate, discardRate, burstDensity, gapDensity])
    writer.write(burstDuration)
    writer.write(gapDuration)
    writer.write(roundTripDelay)
    writer.write(endSystemDelay)
    writer.write([UInt8(bitPattern: signalLevel), UInt8(bitPattern: noiseLevel), residualEchoReturnLoss, minimumGap])
    writer.write([rFactor, externalRFactor, mosListening, mosConversational])
    writer.write([receiverConfiguration, 0])
    writer.write(jitterBufferNominal)
    writer.write(jitterBufferMaximum)
    writer.write(jitterBufferAbsoluteMaximum)
  }
}
