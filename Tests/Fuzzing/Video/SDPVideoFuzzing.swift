import Primitives
import SDP
import TestSupport
import Testing

/// Video sections of session descriptions: simulcast, retransmission, sources, bundles that are none.
@Suite struct SDPVideoFuzzing {
  static let tokens = [
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n", "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", "a=group:BUNDLE 0 1\r\n",
    "a=mid:0\r\n", "a=mid:1\r\n", "a=rtpmap:96 VP8/90000\r\n", "a=rtpmap:97 rtx/90000\r\n", "a=fmtp:97 apt=96\r\n",
    "a=rtpmap:98 H264/90000\r\n", "a=fmtp:98 packetization-mode=1\r\n", "a=rtcp-fb:96 nack pli\r\n",
    "a=rtcp-fb:* transport-cc\r\n", "a=rid:h send\r\n", "a=rid:l send pt=96;max-width=320\r\n",
    "a=simulcast:send l;m;h\r\n", "a=simulcast:send ~h,m;l recv x\r\n", "a=ssrc:1 cname:x\r\n", "a=ssrc:2 msid:a b\r\n",
    "a=ssrc-group:FID 1 2\r\n", "a=ssrc-group:SIM 1 3 5\r\n", "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\r\n",
    "a=extmap:10/sendonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n", "a=bundle-only\r\n", "a=inactive\r\n",
    "b=TIAS:500000\r\n", "b=AS:1\r\n", "a=msid:a b\r\n", "a=recvonly\r\n",
  ]

  static let own = Array(
    """
    v=0
    o=- 1 1 IN IP4 0.0.0.0
    s=-
    t=0 0
    a=group:BUNDLE 0 1
    a=fingerprint:sha-256 \(Array(repeating: "AB", count: 32).joined(separator: ":"))
    a=ice-ufrag:abcd
    a=ice-pwd:abcdefghijklmnopqrstuvwx
    a=setup:actpass
    m=audio 9 UDP/TLS/RTP/SAVPF 111
    c=IN IP4 0.0.0.0
    a=mid:0
    a=rtcp-mux
    a=rtpmap:111 opus/48000/2
    m=video 9 UDP/TLS/RTP/SAVPF 96 97
    c=IN IP4 0.0.0.0
    b=AS:800
    a=mid:1
    a=rtcp-mux
    a=rtpmap:96 VP8/90000
    a=rtcp-fb:96 nack
    a=rtcp-fb:96 nack pli
    a=rtpmap:97 rtx/90000
    a=fmtp:97 apt=96
    a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
    a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
    a=rid:l send
    a=rid:h send
    a=simulcast:send l;h
    a=ssrc-group:FID 1 2
    a=ssrc:1 cname:x
    a=ssrc:2 cname:x

    """.utf8)

  // Made anew: the leak checker does not see through the bits that an enum keeps in a pointer of a global.
  private static var local: LocalMedia {
    let address = TransportAddress(.loopbackV4, port: 20_000)
    let security = LocalSecurity.dtls(
      LocalDTLS(ufrag: "ours", password: "oursoursoursoursoursours", fingerprint: "sha-256 AB:CD", candidates: []))
    return LocalMedia(
      rtp: address, rtcp: address, sessionID: 7,
      capabilities: MediaCapabilities(
        audio: [AudioCapability(encodingName: "opus", clockRate: 48_000, channels: 2)],
        video: [
          VideoCapability(encodingName: "VP8"),
          VideoCapability(encodingName: "H264", parameter: .init("packetization-mode", "1", isUsual: false)),
        ]),
      security: security,
      videoStreams: Dictionary(
        uniqueKeysWithValues: (0..<12).map { index in
          let number = UInt32(index)
          return (index, LocalVideoStream(ssrc: 100 + number, retransmission: 200 + number, canonicalName: "us"))
        }))
  }

  @Test func videoIsAnsweredInItsPlaceOrRefused() {
    var fuzzer = Fuzzer(
      "sdp-video", seeds: [Self.own] + Seeds.files("sdp/browsers", limit: 8_192), tokens: Self.tokens, isText: true,
      limit: 8_192)
    let local = Self.local
    fuzzer.run { (input, _) throws(FuzzFailure) in
      guard let offer = try? SessionDescription(parsing: input),
        let (answer, agreed) = try? Negotiation.answer(to: offer, local: local)
      else { return .refused }
      try FuzzFailure.unless(answer.media.count == offer.media.count, "an answer has the offer's sections")
      try SDPFuzzing.printAgain(answer)
      var outcome = FuzzOutcome.accepted
      for video in agreed.compactMap(\.video) {
        try FuzzFailure.unless(offer.media.indices.contains(video.index), "video has its section")
        try FuzzFailure.unless(answer.media[video.index].media == "video", "video stays video")
        try FuzzFailure.unless(answer.media[video.index].mid == video.mid, "a section keeps its name")
        try FuzzFailure.unless(video.payloadType < 128, "payload types have seven bits")
        try FuzzFailure.unless(
          video.retransmissionType != video.payloadType, "what is sent once more has a type of its own")
        try FuzzFailure.unless((video.bandwidth ?? 0) >= 0, "bandwidth is none or some")
        outcome.add(video.layers.count)
        outcome.add(size: video.sources.count)
        outcome.add(video.retransmissionType != nil)
        outcome.add(video.direction.rawValue)
        outcome.add(video.feedback.count + 8 * video.extensions.count)
      }
      _ = try? Negotiation.accept(answer, to: offer, local: local)
      _ = try? Negotiation.answer(to: offer, local: local, previous: answer)
      return outcome
    }.check()
  }
}
