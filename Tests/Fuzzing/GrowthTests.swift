import Audio
import Primitives
import RTP
import SDP
import SIP
import TestSupport
import Testing

/// Reading a longer input takes as much more work as it is longer, never the square: a peer cannot buy much time with few
/// octets.
@Suite struct GrowthTests {
  /// Octets of the short input; of heads and descriptions, and of bodies, which may be longer.
  static let head = 7_000
  static let body = 60_000
  /// The long input is so many times longer: quadratic work gives 64.
  static let factor = 8
  /// Linear work gives 8; the half more is left to caches and allocators.
  static let limit = 12.0
  /// Seconds of processor time below which a ratio says nothing.
  static let noise = 0.004

  /// What the long input costs in units of the short one, by the best of some runs each.
  static func ratio(
    head: String, unit: String, tail: String, size: Int = head, factor: Int = factor, _ read: ([UInt8]) -> Void
  ) -> Double {
    func cost(_ size: Int) -> Double {
      let count = max((size - head.utf8.count - tail.utf8.count) / max(unit.utf8.count, 1), 1)
      let input = Array((head + String(repeating: unit, count: count) + tail).utf8)
      var best = Double.infinity
      for _ in 0..<3 {
        let start = ThreadTime.now
        read(input)
        best = min(best, ThreadTime.now - start)
      }
      return best
    }
    let long = cost(size * factor)
    return long < noise ? 1 : long / max(cost(size), 1e-6)
  }

  static let request = """
    INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n\
    Call-ID: 1\r\nCSeq: 1 INVITE\r\n
    """

  @Test(arguments: [
    "\r\n ", "\r\n\t,", "a:\r\n", "v: SIP/2.0/UDP h;branch=z9hG4bK1\r\n", "m: <sip:a@b>\r\n", "m: *\r\n",
    "k: a,b,c\r\n",
  ])
  func headerFields(unit: String) {
    let ratio = Self.ratio(head: Self.request + "X: y", unit: unit, tail: "\r\n\r\n") { Self.read($0) }
    #expect(ratio < Self.limit, "\(FuzzReport.printable(Array(unit.utf8)))")
  }

  @Test(arguments: [
    "Contact: |<sip:a@b>,", "Contact: |,", "Contact: |<", "Contact: |\"", "Contact: |\\", "Contact: <sip:a|;a=b|>",
    "Contact: <sip:|%41|@b>", "Contact: <sip:a@b?|a=b&|>", "Via: |SIP/2.0/UDP h,", "Via: SIP/2.0/UDP h|;a=\"b\"",
    "Require: |a,", "Retry-After: 1 |(", "From: | |<sip:a@b>", "To: <sip:c@d>|;a=b", "Authorization: Digest |a=b,",
    "Authorization: Digest |, ", "Content-Type: a/b|;a=b", "Replaces: a|;to-tag=b", "CSeq: |9", "Accept: |a/b,",
  ])
  func headerValues(shape: String) {
    let parts = shape.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    let tail = parts.count > 2 ? parts[2] : ""
    let ratio = Self.ratio(head: Self.request + parts[0], unit: parts[1], tail: tail + "\r\n\r\n") { Self.read($0) }
    #expect(ratio < Self.limit, "\(shape)")
  }

  @Test(arguments: [
    "\r\n ", "\r\n x", "a: b\r\n", "--x\r\n", "--x\r\n\r\n", "--x\r\nContent-Type: multipart/mixed;boundary=x\r\n\r\n",
    "--",
    "\r\n", "\r",
  ])
  func multipartBodies(unit: String) {
    let head = Self.request + "Content-Type: multipart/mixed;boundary=x\r\n\r\n--x\r\na: b"
    let ratio = Self.ratio(head: head, unit: unit, tail: "\r\n--x--", size: Self.body) { Self.read($0) }
    #expect(ratio < Self.limit, "\(FuzzReport.printable(Array(unit.utf8)))")
  }

  /// Names that all differ, as an attacker would choose them.
  @Test(arguments: ["?", ";"])
  func equivalenceOfURIs(kind: String) {
    let ratio = Self.ratio(head: "", unit: "x", tail: "") { input in
      let parts = (0..<(input.count / 8)).map { "n\($0)=1" }
      guard let uri = SIPURI("sip:a@b" + kind + parts.joined(separator: kind == "?" ? "&" : kind)) else { return }
      #expect(uri.isEquivalent(to: uri))
    }
    #expect(ratio < Self.limit)
  }

  @Test func streamsThatComeInDrops() {
    for unit in ["\r\n", "a: b\r\n", "OPTIONS sip:a SIP/2.0\r\nl: 0\r\n\r\n"] {
      let ratio = Self.ratio(head: "OPTIONS sip:a SIP/2.0\r\n", unit: unit, tail: "") { input in
        var framer = SIPStreamFramer()
        for byte in input {
          framer.append([byte])
          while let unit = try? framer.next() { _ = unit }
        }
      }
      #expect(ratio < Self.limit, "\(FuzzReport.printable(Array(unit.utf8)))")
    }
  }

  @Test(arguments: [
    "a=rtpmap:96 opus/48000/2\r\n", "a=fmtp:96 a\r\n", "a=ssrc:1 x\r\n", "a=extmap:1 x\r\n", "b=AS:1\r\n", "a=:\r\n",
    "i=x\r\n",
    "m=audio 1 RTP/AVP 0\r\n", "m=audio 1 RTP/AVP 0\r\na=rtpmap:0 x/8000\r\n", "\r\n", "\r", "x\r\n",
  ])
  func descriptions(unit: String) {
    let head =
      "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8 96\r\n"
    let ratio = Self.ratio(head: head, unit: unit, tail: "") { Self.describe($0) }
    #expect(ratio < Self.limit, "\(FuzzReport.printable(Array(unit.utf8)))")
  }

  /// As many formats and as many attributes as are allowed: their sum, not their product.
  @Test func formatsWithManyAttributes() {
    let attributes = (0..<1_000).map { "a=rtpmap:\($0 % 128) x\($0)/8000\r\n" }.joined()
    func cost(formats: Int) -> Double {
      let list = (0..<formats).map { " \($0 % 128)" }.joined()
      let input = Array("v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP\(list)\r\n\(attributes)".utf8)
      let start = ThreadTime.now
      for _ in 0..<3 { Self.describe(input) }
      return ThreadTime.now - start
    }
    #expect(cost(formats: 250) < 4 * max(cost(formats: 1), Self.noise))
  }

  static func read(_ input: [UInt8]) {
    guard let message = try? SIPParser.parse(datagram: input) else { return }
    _ = try? SIPDatagramFuzzing.use(message)
    for value in message.headers.all("Authorization") { _ = DigestCredentials(value) }
    _ = message.encoded()
  }

  static func describe(_ input: [UInt8]) {
    guard let description = try? SessionDescription(parsing: input) else { return }
    _ = description.encoded()
    _ = try? Negotiation.answer(to: description, local: SDPFuzzing.local)
    _ = try? Negotiation.accept(description, to: Negotiation.offer(SDPFuzzing.local), local: SDPFuzzing.local)
    _ = Negotiation.offer(SDPFuzzing.local, previous: description)
  }
}
