import Application
import Codecs
import Conference
import Primitives
import SIP
import Testing

/// Which codecs stand in the offers and answers of calls: of a room, a trunk, a user and one order.
@Suite struct CodecFilterTests {
  static let offer = Phone.offer.replacing("RTP/AVP 0 101", with: "RTP/AVP 0 8 9 101")

  static func settings(_ settings: inout CallSettings) {
    settings.codecs = [.g722, .pcmu, .pcma]
    settings.dialsAnywhere = true
  }

  /// The codecs of an `m=` line, as numbers; those of keys and noise left out.
  static func codecs(_ body: [UInt8]?) -> [String] {
    let lines = String(decoding: body ?? [], as: UTF8.self).split(separator: "\r\n")
    let words = lines.first { $0.hasPrefix("m=audio") }?.split(separator: " ").dropFirst(3) ?? []
    return words.map(String.init).filter { ["0", "8", "9"].contains($0) }
  }

  @Test func anAnswerHoldsWhatTheServerSpeaksInItsOrder() async {
    let bench = await CallBench(Self.settings)
    var phone = Phone()
    let answer = await bench.deliver(phone.invite(body: Self.offer)).last
    #expect(Self.codecs(answer?.body) == ["9", "0", "8"])
  }

  @Test func anAnswerToAUserHoldsWhatItsPhonesSpeak() async {
    let bench = await CallBench {
      Self.settings(&$0)
      $0.users = [
        CallUser(name: "carol", password: "pw", codecs: CodecFilter(allowed: [.pcma, .g722, .pcmu], denied: [.pcmu]))
      ]
    }
    var login = Login(bench)
    #expect(Self.codecs(await login.send(.invite, body: Self.offer).last?.body) == ["8", "9"])
  }

  @Test func aUserWithoutACommonCodecIsRefused() async {
    let bench = await CallBench {
      Self.settings(&$0)
      $0.users = [CallUser(name: "carol", password: "pw", codecs: CodecFilter(denied: [.pcmu]))]
    }
    var login = Login(bench)
    #expect(await login.send(.invite, body: Phone.offer).last?.status == 488)
  }

  @Test func anOfferToAUserHoldsWhatItsPhonesSpeak() async throws {
    let bench = await CallBench {
      Self.settings(&$0)
      $0.users = [CallUser(name: "carol", password: "pw", codecs: CodecFilter(allowed: [.pcma]))]
    }
    var login = Login(bench)
    await login.register()
    _ = try await bench.calls.dial(DialRequest(uri: "sip:carol@conf.example", room: "3000"))
    #expect(Self.codecs(bench.wire.requests(.invite).first?.request.body) == ["8"])
  }

  @Test(arguments: ["198.51.100.7", "192.0.2.99"]) func aCallFromATrunkHoldsWhatTheTrunkSpeaks(host: String) async {
    let bench = await CallBench {
      Self.settings(&$0)
      $0.trunks = [
        Trunk(name: "carrier", host: SIPHost(host) ?? CallBench.domain, codecs: CodecFilter(denied: [.g722, .pcma]))
      ]
    }
    var phone = Phone()
    let answer = await bench.deliver(phone.invite(body: Self.offer)).last
    #expect(Self.codecs(answer?.body) == (host == "198.51.100.7" ? ["0"] : ["9", "0", "8"]))
  }

  @Test func anOfferToATrunkHoldsWhatTheTrunkAndTheOrderLeave() async throws {
    let bench = await CallBench {
      Self.settings(&$0)
      $0.trunks = [
        Trunk(
          name: "carrier", host: SIPHost("203.0.113.9") ?? CallBench.domain,
          codecs: CodecFilter(allowed: [.pcmu, .pcma]))
      ]
    }
    let uri = "sip:4912@203.0.113.9"
    _ = try await bench.calls.dial(DialRequest(uri: uri, room: "3000"))
    _ = try await bench.calls.dial(DialRequest(uri: uri, room: "3000", codecs: [.pcma, .pcmu, .g722]))
    _ = try await bench.calls.dial(DialRequest(uri: uri, room: "3000", codecsDenied: [.pcmu]))
    #expect(
      bench.wire.requests(.invite).map { Self.codecs($0.request.body) } == [["0", "8"], ["8", "0"], ["8"]])
  }

  /// Devices that pack G.726 as AAL2 does, and call it by the names of RFC 3551.
  @Test func g726IsPackedAsTheUsersPhonesMeanIt() async throws {
    let offer = Phone.offer.replacing("RTP/AVP 0 101", with: "RTP/AVP 97 101\r\na=rtpmap:97 G726-32/8000")
    for packing in [nil, G726Packing.aal2] {
      let bench = await CallBench {
        $0.codecs = [.g726(.kilobits32)]
        $0.users = [CallUser(name: "carol", password: "pw", codecs: CodecFilter(g726Packing: packing))]
      }
      var login = Login(bench)
      #expect(await login.send(.invite, body: offer).last?.status == 200)
      let plan = try #require(await bench.reception.plans.last)
      let format = CodecFormat.g726(.kilobits32, packing ?? .rfc3551)
      #expect(plan.audio.send.format == format && plan.audio.receive.map(\.format) == [format])
    }
  }
}
