import Primitives
import SIP
import TestSupport
import Testing

/// Values of header fields: URIs, addresses, Via, digest and the smaller ones.
@Suite struct SIPValueFuzzing {
  static let seeds = [
    "sip:alice:secret@example.com:5061;transport=tcp;lr;x=%20?Subject=a%26b&Route=%3Csip:a%3E",
    "sips:%61lice@[2001:db8::9:1]:65535;maddr=239.1.1.1;ttl=15", "tel:+49-30-1234;phone-context=x", "sip:a@b",
    "\"A \\\"quoted\\\" name\" <sip:a@b;lr>;tag=x;q=0.5;expires=\"3600\"", "Anonymous <sip:c8oqz84zk7z@privacy.org>",
    "SIP / 2.0 / UDP first.example.com: 4000;ttl=16 ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1;rport;received=::1",
    "SIP/2.0/UDP [::ffff:192.0.2.1]:5060", "314159 INVITE", "776656 1 INVITE", "application/sdp;charset=\"utf-8\"",
    "conference;id=7", "terminated;reason=noresource;expires=0", "Q.850;cause=16;text=\"Terminated\"",
    "98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff;early-only", "1800;refresher=uas", "120 (busy);duration=60",
    "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", algorithm=SHA-256, "
      + "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXu\", "
      + "qop=auth, response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\", opaque=\"FQhe/\"",
    "Digest realm=\"r\", nonce=\"n\\\"\", algorithm=MD5, qop=\"auth,auth-int\", stale=TRUE, userhash=true",
    "192.0.2.1:5060", "[2001:db8::1]:5061", "::ffff:1.2.3.4", "1:2:3:4:5:6:7::", "maxplaybackrate=16000;useinbandfec=1",
  ].map { Array($0.utf8) }

  @Test func valuesPrintAndParseTheSame() {
    let seeds = Self.seeds + Seeds.files("fuzz/pjproject/uri", "fuzz/pjproject/url")
    var fuzzer = Fuzzer("sip-values", seeds: seeds, tokens: SIPWords.tokens, isText: true, limit: 1_024)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      // Values come without line ends: lines were unfolded before.
      let text = String(decoding: input.map { $0 == 0x0D || $0 == 0x0A ? 0x20 : $0 }, as: UTF8.self)
      var taken = 0
      func trip<Value: Equatable & CustomStringConvertible>(
        _ bit: Int, _ parse: (String) -> Value?
      ) throws(FuzzFailure) {
        guard let value = parse(text) else { return }
        taken |= 1 << bit
        let again = parse(value.description)
        try FuzzFailure.unless(again == value, "\(Value.self) prints and parses the same", value.description)
      }
      try trip(0) { SIPURI($0) }
      try trip(1) { NameAddress($0) }
      try trip(2) { Via($0) }
      try trip(3) { CSeq($0) }
      try trip(4) { RAck($0) }
      try trip(5) { MediaType($0) }
      try trip(6) { ParameterizedToken(parsing: $0) }
      try trip(7) { EventPackage($0) }
      try trip(8) { SubscriptionState($0) }
      try trip(9) { ReasonValue($0) }
      try trip(10) { Replaces($0) }
      try trip(11) { SessionExpires($0) }
      try trip(12) { DigestCredentials($0) }
      try trip(13) { DigestChallenge($0) }
      try trip(14) { IPAddress($0) }
      try trip(15) { TransportAddress($0) }
      try trip(16) { SIPHost($0) }
      try trip(17) { RequestURI($0) }
      if let uri = SIPURI(text) {
        try FuzzFailure.unless(uri.isEquivalent(to: uri), "a URI is equivalent to itself")
        _ = uri.transport
      }
      let list: SIPHeaders = ["Contact": text, "Retry-After": text, "Accept": text, "Require": text]
      taken |=
        min(list.contacts.count, 3) << 20 | (list.retryAfter == nil ? 0 : 1 << 23) | min(list.accept.count, 3) << 24
      try Self.verify(text, random: &random)
      var outcome = taken & 0xFFFF == 0 ? FuzzOutcome.refused : FuzzOutcome.accepted
      outcome.add(taken)
      return outcome
    }.check()
  }

  /// Credentials against a server, and challenges against a client.
  static func verify(_ text: String, random: inout RandomSource) throws(FuzzFailure) {
    if let challenge = DigestChallenge(text) {
      let answer = challenge.answer(
        username: "u", secret: .password("p"), method: .invite, uri: "sip:a@b", count: 1, clientNonce: "c")
      try FuzzFailure.unless(answer != nil, "a challenge that was taken can be answered with a password")
    }
    guard var credentials = DigestCredentials(text) else { return }
    var verifier = DigestVerifier(realm: "r", qualities: [.auth, .authInt], useLimit: 4, random: &random)
    let now = Instant(nanoseconds: 1_000_000_000)
    for _ in 0..<6 {
      let fresh = verifier.challenges(at: now, random: &random)
      credentials.realm = "r"
      credentials.nonce = fresh.first?.nonce ?? ""
      let hash = DigestSecret.password("p").hash(
        username: credentials.username, realm: "r", algorithm: credentials.algorithm)
      credentials.response = credentials.expectedResponse(hash: hash ?? "", method: .bye, body: [1])
      let first = verifier.verify(credentials, method: .bye, body: [1], secret: .password("p"), at: now)
      if first == .accepted {
        let replay = verifier.verify(credentials, method: .bye, body: [1], secret: .password("p"), at: now)
        try FuzzFailure.unless(replay == .stale, "credentials are good once")
      }
      credentials.response += "0"
      let wrong = verifier.verify(credentials, method: .bye, body: [1], secret: .password("p"), at: now)
      try FuzzFailure.unless(wrong != .accepted, "a wrong response is refused")
    }
    try FuzzFailure.unless(verifier.rememberedCount <= 4, "a verifier remembers no more than allowed")
  }
}
