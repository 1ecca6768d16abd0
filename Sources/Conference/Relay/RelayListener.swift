import Codecs

/// What a listener asks of packets that are passed on to it.
struct RelayListener: Hashable, Sendable {
  var format: CodecFormat
  /// Ticks of the RTP clock that a packet is to last.
  var ticks: Int
  var takesNoise: Bool
}
