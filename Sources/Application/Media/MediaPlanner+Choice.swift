import Codecs
import SDP

extension MediaPlanner {
  private static let packetTimes = [10, 20, 30, 40, 60]

  /// What is sent: the best of the formats whose stream stays within what the peer takes, in longer packets if that is what it
  /// needs. Where none does, Opus comes nearest, in the packets that leave most to it.
  ///
  /// - Returns: the place among `formats`, which are not empty, and milliseconds of a packet.
  func choose(among formats: [CodecFormat], for audio: AgreedAudio) -> (place: Int, packetTime: Int) {
    let limit = BandwidthLimit(audio)
    var usual: Int?
    for (place, format) in formats.enumerated() {
      let times = times(of: format, for: audio)
      if let time = times.first(where: { limit.admits(format, packetTime: $0) }) { return (place, time) }
      usual = usual ?? times.first
    }
    if let place = formats.firstIndex(where: { $0.codec == .opus }) {
      func rate(_ time: Int) -> Int { limit.payload(packetTime: time) ?? .max }
      let best = times(of: formats[place], for: audio).max { rate($0) < rate($1) }
      return (place, best ?? packetTime)
    }
    return (0, usual ?? packetTime)
  }

  /// What the peer asked for, and of Opus no more than it takes. All is sent in mono, so that those who could play stereo share an
  /// encoding with those who could not (RFC 7587, section 6.1: `stereo` is a preference).
  func sent(_ format: CodecFormat, packetTime: Int, for audio: AgreedAudio) -> CodecFormat {
    guard format.codec == .opus else { return format }
    var format = format
    format.opus.stereo = false
    if let left = BandwidthLimit(audio).payload(packetTime: packetTime) {
      let rate = max(left, OpusParameters.minimumBitRate)
      format.opus.peakBitRate = rate
      format.opus.maxAverageBitRate = min(format.opus.maxAverageBitRate ?? rate, rate)
    }
    return format
  }

  /// The peer's wish rounded down to what we can do, within its maximum and in whole frames of the codec; then the longer ones that
  /// it takes, too.
  private func times(of format: CodecFormat, for audio: AgreedAudio) -> [Int] {
    let row = CodecTable.row(format)?.defaultPacketTime ?? packetTime
    let usual = format.codec == .l16 ? row : max(packetTime, format.frameTime)
    let most = min(audio.maxptime ?? .max, format.codec == .l16 ? usual : 60)
    let wanted = min(audio.ptime ?? usual, most)
    let possible = MediaPlanner.packetTimes.filter { format.allows(packetTime: $0) }
    let first = possible.last { $0 <= wanted } ?? format.frameTime
    return [first] + possible.filter { $0 > first && $0 <= most }
  }
}
