/// One packet of RTCP; RFC 3550, section 6.
package enum RTCPPacket: Hashable, Sendable {
  /// 200
  case senderReport(SenderReport)
  /// 201
  case receiverReport(ReceiverReport)
  /// 202: one chunk per source.
  case sourceDescription([SourceDescription])
  /// 203
  case bye(Goodbye)
  /// 204
  case app(ApplicationDefined)
  /// 205 and 206
  case feedback(Feedback)
  /// 207
  case extendedReport(ExtendedReport)
  /// A packet type that we do not know: `count` is the five bits after version and padding.
  case unknown(type: UInt8, count: UInt8, body: [UInt8])
}
