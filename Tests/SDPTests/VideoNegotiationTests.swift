import Primitives
import SDP
import TestSupport
import Testing

/// Video sections of browsers: in the audio's bundle (RFC 9143), simulcast (RFC 8853), retransmission (RFC 4588).
@Suite struct VideoNegotiationTests {
  private static var local: LocalMedia {
    var local = BrowserNegotiationTests.browser
    local.capabilities.video = [VideoCapability(encodingName: "VP8")]
    for index in 0..<4 {
      local.videoStreams[index] = LocalVideoStream(
        ssrc: UInt32(100 + index), retransmission: UInt32(200 + index), canonicalName: "us")
    }
    return local
  }

  private static func offer(_ name: String) throws -> SessionDescription {
    try SessionDescription(parsing: try Vectors.bytes("sdp/browsers/\(name).offer.sdp"))
  }

  @Test(
    .enabled(if: Vectors.isPresent),
    arguments: ["chromium156.audio-video", "firefox153.audio-video", "chromium156.simulcast-3rid"])
  func takesTheVideoOfBrowsers(_ name: String) throws {
    let offer = try Self.offer(name)
    let (answer, agreed) = try Negotiation.answer(to: offer, local: Self.local)
    let index = try #require(offer.media.firstIndex { $0.media == "video" })
    let video = try #require(agreed[index].video)
    #expect(video.encodingName == "VP8")
    #expect(video.retransmissionType != nil)
    #expect(video.feedback.contains("nack pli") && video.feedback.contains("transport-cc"))
    #expect(video.number(of: ExtensionMap.transportSequence) != 0)
    let section = answer.media[index]
    #expect(section.port == 20_000)
    #expect(section.mid == offer.media[index].mid)
    #expect(answer.attributes["group"]?.split(separator: " ").count == 3)
    // With it Chromium's VP8 would say no picture ids.
    #expect(!section.attributes.all("extmap").contains { $0.contains("dependency-descriptor") })
    #expect(try SessionDescription(parsing: answer.encoded()) == answer)
  }

  @Test(.enabled(if: Vectors.isPresent)) func layersAreTakenInTheOffersOrder() throws {
    let (answer, agreed) = try Negotiation.answer(
      to: try Self.offer("chromium156.simulcast-3rid"), local: Self.local)
    let index = try #require(answer.media.firstIndex { $0.media == "video" })
    #expect(agreed[index].video?.layers == ["q", "h", "f"])
    #expect(answer.media[index].attributes["simulcast"] == "recv q;h;f")
    #expect(answer.media[index].attributes.all("rid") == ["q recv", "h recv", "f recv"])
  }

  /// Our voice carries no `mid`, and where pictures do Chromium takes nothing by its payload type.
  @Test(.enabled(if: Vectors.isPresent)) func theVoiceIsAnnouncedBesideThePictures() throws {
    var local = Self.local
    local.audioSource = LocalAudioSource(ssrc: 77, canonicalName: "us")
    let offer = try Self.offer("chromium156.audio-video")
    let (answer, _) = try Negotiation.answer(to: offer, local: local)
    let voice = try #require(answer.media.first { $0.media == "audio" })
    #expect(voice.attributes.all("ssrc") == ["77 cname:us"])
    // With the first picture, so that a browser keeps them together.
    #expect(voice.attributes["msid"] == "view0 voice")
    let again = Negotiation.offer(local, previous: answer)
    #expect(again.media.first { $0.media == "audio" }?.attributes.all("ssrc") == ["77 cname:us"])
    local.videoStreams = [:]
    let (alone, _) = try Negotiation.answer(to: offer, local: local)
    #expect(alone.media.first { $0.media == "audio" }?.attributes["msid"] == nil)
  }

  @Test(.enabled(if: Vectors.isPresent)) func ourSourcesAreAnnouncedWhereWeSend() throws {
    var offer = try Self.offer("chromium156.audio-video")
    let index = try #require(offer.media.firstIndex { $0.media == "video" })
    let (answer, _) = try Negotiation.answer(to: offer, local: Self.local)
    #expect(answer.media[index].attributes["ssrc-group"] == "FID \(100 + index) \(200 + index)")
    for direction in Direction.allCases { offer.media[index].attributes.remove(direction.rawValue) }
    offer.media[index].attributes.append("sendonly")
    let (other, agreed) = try Negotiation.answer(to: offer, local: Self.local)
    #expect(agreed[index].video?.direction == .recvonly)
    #expect(!other.media[index].attributes.has("ssrc"))
  }

  @Test(.enabled(if: Vectors.isPresent)) func videoOutsideTheAudiosBundleIsRefused() throws {
    var offer = try Self.offer("chromium156.audio-video")
    let index = try #require(offer.media.firstIndex { $0.media == "video" })
    let audio = try #require(offer.media.first { $0.media == "audio" }?.mid)
    offer.attributes.set("group", "BUNDLE \(audio)")
    let (answer, agreed) = try Negotiation.answer(to: offer, local: Self.local)
    #expect(agreed[index] == .refused)
    #expect(answer.media[index].port == 0)
  }

  @Test(.enabled(if: Vectors.isPresent)) func aRefreshOfOursKeepsTheVideo() throws {
    let offer = try Self.offer("chromium156.audio-video")
    let (answer, _) = try Negotiation.answer(to: offer, local: Self.local)
    let again = Negotiation.offer(Self.local, previous: answer)
    let index = try #require(offer.media.firstIndex { $0.media == "video" })
    #expect(again.media[index].formats == answer.media[index].formats)
    #expect(again.media[index].attributes["setup"] == "actpass")
    #expect(again.media[index].attributes.all("ssrc") == answer.media[index].attributes.all("ssrc"))
  }

  /// A name that no group could say is none (RFC 5888, section 4).
  @Test(arguments: ["a=mid:\r\n", "a=mid:a b\r\n", "a=mid:\u{E4}\r\n"])
  func aSectionWithANameThatIsNoneHasNone(_ line: String) throws {
    let offer = try SessionDescription(
      parsing: "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n" + line)
    #expect(offer.media.map(\.mid) == [nil])
  }
}
