import Application
import Codecs
import Conference
import ICE
import Primitives
import SDP
import SIP
import SecureRTP
import Testing

/// THREATS 4: media that is protected stays protected, and with whom it was agreed.
@Suite struct DowngradeTests {
  private var random = RandomSource.seeded(7)

  /// An `a=crypto` line with a key of one repeated octet.
  static func crypto(_ octet: Character, tag: Int = 1) -> String {
    "a=crypto:\(tag) AES_CM_128_HMAC_SHA1_80 inline:\(String(repeating: octet, count: 40))\r\n"
  }

  static func secure(_ octet: Character, version: Int = 1) -> String {
    Phone.offer("sendrecv", version: version).replacing("RTP/AVP", with: "RTP/SAVP") + crypto(octet)
  }

  /// What a browser's end says: `letter` names its certificate, `ufrag` its generation of ICE.
  static func browser(_ letter: Character, ufrag: String = "abcd") -> String {
    Phone.offer("sendrecv").replacing("RTP/AVP", with: "UDP/TLS/RTP/SAVPF") + """
      a=ice-ufrag:\(ufrag)\r
      a=ice-pwd:0123456789012345678901\r
      a=fingerprint:\(fingerprint(letter))\r
      a=setup:actpass\r
      a=rtcp-mux\r

      """
  }

  static func fingerprint(_ letter: Character) -> String {
    "sha-256 " + Array(repeating: "\(letter)\(letter)", count: 32).joined(separator: ":")
  }

  private func description(_ text: String) throws -> SessionDescription { try SessionDescription(parsing: text) }

  private func negotiation(isBrowser: Bool) throws -> OfferAnswer {
    var random = RandomSource.seeded(3)
    let address = TransportAddress(.v4(0xC000_0201), port: 20_000)
    var ports = LegPorts(rtp: address, rtcp: address)
    if isBrowser {
      ports.ice = ICECredentials(random: &random)
      ports.fingerprint = Fingerprint(Self.fingerprint("1"))
    }
    return OfferAnswer(ports: ports, planner: MediaPlanner(codecs: [.pcmu]), random: &random)
  }

  @Test(arguments: ["a phone's plain offer", "the secure offer's section without its keys"])
  func aReOfferWithoutKeysIsRefusedAndTheOldOnesStay(_ offer: String) async throws {
    let bench = await CallBench()
    var phone = await bench.established { $0.body = Array(Self.secure("A").utf8) }
    let keys = try #require(await bench.reception.plans.last).audio.security
    guard case .sdes = keys else { throw Unexpected() }
    let told = await bench.told.count
    let body =
      offer.hasPrefix("a phone's")
      ? Phone.offer("sendrecv") : Phone.offer("sendrecv").replacing("RTP/AVP", with: "RTP/SAVP")
    for method in [SIPMethod.invite, .update] {
      #expect(await bench.deliver(phone.next(method, body: body)).map(\.status) == [488])
    }
    #expect(await bench.told.count == told)
    // The call goes on as it was: the same keys are taken again.
    let held = try #require(await bench.deliver(phone.next(.update, body: Self.secure("A", version: 3))).last)
    #expect(held.status == 200)
    #expect(String(decoding: held.body, as: UTF8.self).contains("RTP/SAVP 0"))
    #expect(try #require(await bench.reception.plans.last).audio.security == keys)
  }

  @Test mutating func anAnswerWithoutKeysToOurReOfferIsRefused() throws {
    var media = try negotiation(isBrowser: false)
    _ = try media.answer(try description(Self.secure("A")), using: &random)
    let plan = try media.plan()
    _ = media.offer()
    #expect(throws: MediaRefusal.self) { try media.accept(try description(Phone.offer("sendrecv"))) }
    #expect(try media.plan() == plan)
  }

  @Test mutating func newKeysAreTakenAndPlainMediaMayBecomeSecure() throws {
    var media = try negotiation(isBrowser: false)
    _ = try media.answer(try description(Phone.offer("sendrecv")), using: &random)
    #expect(try media.plan().audio.security == .none)
    _ = try media.answer(try description(Self.secure("A")), using: &random)
    let first = try media.plan().audio.security
    _ = try media.answer(try description(Self.secure("B")), using: &random)
    let second = try media.plan().audio.security
    guard case .sdes(let ours, let theirs) = first, case .sdes(let oursThen, let theirsThen) = second else {
      throw Unexpected()
    }
    #expect(ours == oursThen && theirs != theirsThen)
  }

  /// What a browser's call is offered anew, and whether it is taken.
  @Test(arguments: [
    ("the same", browser("A"), true), ("the same after a restart", browser("A", ufrag: "wxyz"), true),
    ("another end, with ICE of its own", browser("B", ufrag: "wxyz"), true),
    ("another certificate and the same ICE", browser("B"), false), ("plain", Phone.offer("sendrecv"), false),
    ("keys", secure("A"), false), ("no certificate", browser("A").replacing("a=fingerprint", with: "a=x"), false),
    ("one that is none", browser("A").replacing("sha-256", with: "sha-1 00"), false),
    (
      "the same in the name of older peers", browser("A").replacing("UDP/TLS/RTP/SAVPF", with: "RTP/SAVPF"), true
    ),
  ])
  mutating func aBrowsersReOfferKeepsItsCertificate(_ name: String, _ offer: String, isTaken: Bool) throws {
    var media = try negotiation(isBrowser: true)
    _ = try media.answer(try description(Self.browser("A")), using: &random)
    let before = try media.plan()
    // As a call does it: on a copy, which is thrown away with a refusal.
    var copy = media
    do throws(MediaRefusal) {
      _ = try copy.answer(try OfferAnswer.parse(Array(offer.utf8)), using: &random)
      _ = try copy.plan()
      #expect(isTaken, "\(name)")
    } catch {
      #expect(!isTaken, "\(name)")
      #expect(error.status == 488)
    }
    #expect(try media.plan() == before)
  }

  private struct Unexpected: Error {}
}
