import Codecs

/// Listeners with equal keys hear the same octets: they share one encoding.
struct EncodingKey: Hashable, Sendable {
  var format: CodecFormat
  /// Milliseconds.
  var packetTime: Int
  /// Listening gain in hundredths of a decibel.
  var gain: Int
  var hears: Listening.Part
  /// Voices that not everybody hears, on top of that.
  var asides: Asides = []
  /// Packets carry copies of those before them, for listeners who lose some.
  var isProtected = false
  /// AMR only: what the listeners asked for.
  var modeRequest = AMRModeRequest.best

  /// The packet time to use: as agreed, but in whole frames of the codec and within a datagram of 1,400 octets (L16 at high
  /// rates).
  static func packetTime(_ wanted: Int, for format: CodecFormat) -> Int {
    let isPossible = [10, 20, 30, 40, 60].contains(wanted) && format.allows(packetTime: wanted)
    let time = isPossible ? wanted : format.frameTime == 30 ? 30 : 20
    guard format.codec == .l16 else { return time }
    let octets = format.sampleRate * format.channels * 2 / 100
    return [60, 40, 30, 20].first { $0 <= time && octets * $0 / 10 <= 1_400 } ?? 10
  }
}
