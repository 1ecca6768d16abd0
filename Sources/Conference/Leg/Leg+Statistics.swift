import Codecs
import RTP

extension Leg {
  /// The leg's counters up to now.
  var statistics: LegStatistics {
    var statistics = LegStatistics(leg: id)
    statistics.codec = plan?.send.format.codec
    statistics.packetsReceived = inbound.packetsReceived
    statistics.packetsSent = outbound.packetsSent
    statistics.octetsReceived = inbound.octetsReceived
    statistics.octetsSent = outbound.octetsSent
    statistics.packetsLost = inbound.packetsLost
    statistics.packetsLate = inbound.packetsLate
    statistics.packetsDuplicate = inbound.packetsDuplicate
    statistics.packetsRejected = inbound.packetsRejected
    statistics.framesConcealed = inbound.voice.framesConcealed
    statistics.jitter = inbound.stream?.jitter ?? 0
    statistics.jitterBufferDelay = inbound.jitter.currentDelay
    statistics.roundTripTime = control.roundTripTime
    statistics.remoteLossFraction = control.remoteLossFraction
    statistics.level = Double(analysis.level)
    return statistics
  }

  /// The same in the words of RFC 3611, section 4.7, about what we receive; nil before anything came.
  var metrics: VoIPMetricsBlock? {
    guard let stream = inbound.stream else { return nil }
    let delay = inbound.jitter.currentDelay
    return inbound.jitter.metrics.block(
      ssrc: stream.ssrc, roundTrip: control.roundTripTime, jitterBufferNominal: inbound.jitter.targetDelay,
      jitterBufferMaximum: delay, jitterBufferAbsoluteMaximum: Double(inbound.jitter.configuration.maximumDelay),
      endSystemDelay: delay + Double(Room.tickTime), signalLevel: Int8(clamping: Int(analysis.level)))
  }
}
