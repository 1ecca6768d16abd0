import Primitives
import SDP
import TestSupport
import Testing

/// Session descriptions, and what offer/answer makes of them.
@Suite struct SDPFuzzing {
  static let tokens = [
    "\r\n", "\n", "\r", "v=0\r\n", "o=- 1 2 IN IP4 192.0.2.1\r\n", "s=-\r\n", "t=0 0\r\n", "c=IN IP4 0.0.0.0\r\n",
    "c=IN IP6 ::1\r\n", "c=IN IP4 239.1.1.1/127\r\n", "m=audio 4000 RTP/AVP 0 8 101\r\n", "m=video 1 RTP/AVP 96\r\n",
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", "m=audio 0 RTP/AVP 0\r\n", "m=audio 65535/2 RTP/AVP 0\r\n",
    "a=rtpmap:96 opus/48000/2\r\n", "a=rtpmap:101 telephone-event/8000\r\n", "a=fmtp:96 useinbandfec=1\r\n",
    "a=rtpmap:9 G722/8000\r\n", "a=rtpmap:10 L16/44100/2\r\n", "a=sendonly\r\n", "a=inactive\r\n", "a=rtcp-mux\r\n",
    "a=rtcp:5 IN IP4 192.0.2.9\r\n", "a=ptime:20\r\n", "a=maxptime:1e9\r\n", "a=mid:0\r\n", "a=ssrc:1 cname:x\r\n",
    "a=extmap:1/recvonly urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n", "b=AS:64\r\n", "k=clear:x\r\n", "i=x\r\n",
    "r=7d 1h 0 25h\r\n", "z=0 -1h\r\n", "e=a@b\r\n", "p=+1\r\n", ":", "/", " ", "\t", "\u{301}", "\u{0}",
  ]
  static let own = [
    """
    v=0
    o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1
    s=Call to John Smith
    i=information
    c=IN IP4 198.51.100.1
    b=AS:64
    t=0 0
    r=604800 3600 0 90000
    a=recvonly
    m=audio 49170 RTP/AVP 0 8 96 101 13
    a=rtpmap:96 opus/48000/2
    a=fmtp:96 useinbandfec=1;maxaveragebitrate=20000
    a=rtpmap:101 telephone-event/8000
    a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
    a=rtcp-mux
    a=ptime:20
    m=video 49180 RTP/AVP 99
    c=IN IP6 2001:db8::2
    a=rtpmap:99 h263-1998/90000

    """
  ].map { Array($0.utf8) }

  static let local = LocalMedia(
    rtp: TransportAddress(.loopbackV4, port: 20_000), rtcp: TransportAddress(.loopbackV4, port: 20_001), sessionID: 7,
    capabilities: MediaCapabilities(audio: [
      AudioCapability(encodingName: "opus", clockRate: 48_000, channels: 2, fmtp: "useinbandfec=1"),
      AudioCapability(encodingName: "G722", clockRate: 8_000, staticPayloadType: 9),
      AudioCapability(encodingName: "PCMU", clockRate: 8_000, staticPayloadType: 0),
      AudioCapability(encodingName: "L16", clockRate: 16_000),
    ]))

  @Test func descriptionsPrintParseAndAreAnswered() {
    let seeds =
      Self.own
      + Seeds.files(
        "sdp/browsers", "sdp/mozilla-webrtc-sdp", "sdp/sdp-transform", "sdp/sofia-sip", "fuzz/pjproject/sdp",
        "fuzz/pjproject/sdes", "fuzz/webrtc-corpora/sdp-corpus", limit: 8_192)
    var fuzzer = Fuzzer("sdp", seeds: seeds, tokens: Self.tokens, isText: true, limit: 6_144)
    fuzzer.run { (input, _) throws(FuzzFailure) in
      let description: SessionDescription
      do throws(SDPParseError) { description = try SessionDescription(parsing: input) } catch {
        var outcome = FuzzOutcome.refused
        outcome.add(error.reason)
        return outcome
      }
      try Self.printAgain(description)
      var outcome = FuzzOutcome.accepted
      outcome.add(min(description.media.count, 12))
      for section in description.media.prefix(6) {
        outcome.add(size: section.formats.count)
        outcome.add(size: section.attributes.fields.count)
        outcome.add(section.ssrcs.count + (section.ptime ?? 0) / 10 + (section.rtcp == nil ? 0 : 64))
        outcome.add(size: section.extensionMaps.count)
      }
      try Self.negotiate(description, &outcome)
      return outcome
    }.check()
  }

  static func printAgain(_ description: SessionDescription) throws(FuzzFailure) {
    let printed = description.encoded()
    guard printed.utf8.count <= SDPLimits.size else { return }
    let again: SessionDescription
    do { again = try SessionDescription(parsing: printed) } catch {
      // The default t= line counts too.
      if error.reason.hasPrefix("More than") { return }
      throw FuzzFailure("a printed description parses", error.reason)
    }
    try FuzzFailure.unless(again == description, "a printed description is the same description")
    try FuzzFailure.unless(again.encoded() == printed, "a printed description prints the same")
  }

  static func negotiate(_ description: SessionDescription, _ outcome: inout FuzzOutcome) throws(FuzzFailure) {
    if let (answer, agreed) = try? Negotiation.answer(to: description, local: local) {
      try FuzzFailure.unless(answer.media.count == description.media.count, "an answer has the offer's sections")
      try FuzzFailure.unless(agreed.count == description.media.count, "each section has its outcome")
      try FuzzFailure.unless(agreed.filter { $0.audio != nil }.count == 1, "one audio section is taken")
      try printAgain(answer)
      for audio in agreed.compactMap(\.audio) {
        outcome.add(audio.formats.count)
        outcome.add(audio.direction.rawValue)
        outcome.add(audio.telephoneEvent != nil)
        outcome.add(audio.audioLevelExtension != nil)
        try FuzzFailure.unless(!audio.formats.isEmpty, "what is agreed has a format")
        try FuzzFailure.unless(audio.remoteRTP?.ip.isMulticast != true, "media goes to no group")
      }
      // The offer as the other side would read our answer to it.
      _ = try? Negotiation.accept(answer, to: description, local: local)
      _ = try? Negotiation.answer(to: description, local: local, previous: answer)
    }
    let offer = Negotiation.offer(local)
    if let agreed = try? Negotiation.accept(description, to: offer, local: local) {
      try FuzzFailure.unless(agreed.count == offer.media.count, "each offered section has its outcome")
      outcome.add("accepted")
    }
    let again = Negotiation.offer(local, previous: description)
    try FuzzFailure.unless(
      again.media.count >= min(description.media.count, 1), "a further offer keeps the sections' places")
  }
}
