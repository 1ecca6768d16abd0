/// What a format has beside its name, rates and channels.
package enum CodecParameters: Hashable, Sendable, Codable {
  case none
  /// What the receiver asks of the encoder (RFC 7587, section 6.1).
  case opus(OpusParameters)
  /// Both are in the name of the encoding (RFC 3551, section 4.5.4).
  case g726(G726BitRate, G726Packing)
  /// `mode` (RFC 3952, section 4.2).
  case ilbc(ILBCFrame)
  /// What the receiver asks of the encoder (RFC 5574, section 4.1.1).
  case speex(SpeexParameters)
  /// How both ends pack (RFC 4867, section 8.1), and what the receiver asks of the encoder.
  case amr(AMRParameters)
}
