import Monitoring
import Runtime
import SIPFront
import WebFront

/// What the floors below count, as metrics.
struct RuntimeMetrics: Sendable {
  var media: LoopGroup
  var front: SIPFront
  var web: [ConnectionTally]

  var metrics: [Metric] {
    get async {
      let loops = media.statistics
      let sip = await front.counters()
      func sum(_ value: (LoopStatistics) -> UInt64) -> Double { Double(loops.reduce(0) { $0 + value($1) }) }
      return [
        Metric("trialogue_rtp_packets_received_total", .counter, "Datagrams read", sum(\.packetsReceived)),
        Metric("trialogue_rtp_packets_sent_total", .counter, "Datagrams sent", sum(\.packetsSent)),
        Metric(
          "trialogue_rtp_packets_unsent_total", .counter, "Datagrams that the kernel refused", sum(\.packetsUnsent)),
        Metric(
          "trialogue_media_streams", .gauge, "Connections of browsers' media by TCP",
          Double(loops.reduce(0) { $0 + $1.streams })),
        Metric(
          "trialogue_media_streams_refused_total", .counter, "Media connections over a cap, or of nobody's",
          sum(\.streamsRefused)),
        Metric(
          "trialogue_opus_complexity", .gauge, "Of the busiest media loop's Opus encoders where it follows the load",
          Double(loops.map(\.opusComplexity).min() ?? 0)),
        Metric(
          "trialogue_media_handshakes_postponed_total", .counter, "Datagrams of DTLS that waited their turn",
          sum(\.handshakesPostponed)),
        Metric(
          "trialogue_media_handshakes_refused_total", .counter, "Datagrams of DTLS that found no place to wait",
          sum(\.handshakesRefused)),
        Metric("trialogue_media_stalls_total", .counter, "Times that a media loop lost over 100 ms", sum(\.stalls)),
        Metric("trialogue_media_quanta_missed_total", .counter, "Quanta that were dropped", sum(\.quantaMissed)),
        Metric("trialogue_media_ports_free", .gauge, "Port pairs that no leg holds", Double(media.freePortPairs)),
        Metric(
          "trialogue_recording_octets_dropped_total", .counter, "Octets that the disk did not take in time",
          Double(media.recordingOctetsDropped)),
        Metric("trialogue_sip_messages_received_total", .counter, "SIP messages read", Double(sip.messagesIn)),
        Metric("trialogue_sip_messages_sent_total", .counter, "SIP messages sent", Double(sip.messagesOut)),
        Metric("trialogue_sip_malformed_total", .counter, "Messages that were no SIP", Double(sip.malformed)),
        Metric("trialogue_sip_overloaded_total", .counter, "Requests refused for overload", Double(sip.overloaded)),
        Metric(
          "trialogue_sip_connections", .gauge, "Connections by TCP, TLS and WebSocket", Double(sip.connections)),
        Metric(
          "trialogue_web_connections", .gauge, "Connections of the web's listeners, WebSocket included",
          Double(web.reduce(0) { $0 + $1.state.open })),
        Metric(
          "trialogue_web_connections_refused_total", .counter, "Connections of the web's listeners over a cap",
          Double(web.reduce(0) { $0 + $1.state.refused })),
      ]
    }
  }
}
