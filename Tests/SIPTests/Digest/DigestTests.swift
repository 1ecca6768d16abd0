import Primitives
import Testing

@testable import SIP

@Suite struct DigestTests {
  /// RFC 7616, section 3.9.1: both algorithms.
  @Test(arguments: [
    (DigestAlgorithm.md5, "8ca523f5e9506fed4657c9700eebdbec"),
    (DigestAlgorithm.sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
  ]) func exampleOfRFC7616(algorithm: DigestAlgorithm, response: String) throws {
    let challenge = try #require(
      DigestChallenge(
        """
        Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=\(algorithm.rawValue), \
        nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
        """))
    let credentials = try #require(
      challenge.answer(
        username: "Mufasa", secret: .password("Circle of Life"), method: SIPMethod("GET"), uri: "/dir/index.html",
        count: 1, clientNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"))
    #expect(credentials.response == response)
    #expect(DigestCredentials(credentials.description) == credentials)
    let stored = DigestSecret.stored(username: "Mufasa", realm: challenge.realm, password: "Circle of Life")
    let again = challenge.answer(
      username: "Mufasa", secret: stored, method: SIPMethod("GET"), uri: "/dir/index.html", count: 1,
      clientNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
    #expect(again == credentials)
  }

  /// RFC 2617, section 3.5.
  @Test func exampleOfRFC2617() throws {
    let credentials = try #require(
      DigestCredentials(
        """
        Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", \
        uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b", \
        response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"
        """))
    let hash = DigestAlgorithm.md5.hash("Mufasa:testrealm@host.com:Circle Of Life")
    #expect(credentials.expectedResponse(hash: hash, method: SIPMethod("GET"), body: []) == credentials.response)
  }

  struct Fixture {
    var random = RandomSource.seeded(7)
    var verifier: DigestVerifier
    let secret = DigestSecret.stored(username: "alice", realm: "example.org", password: "secret")
    var now = Instant(nanoseconds: 5_000_000_000)

    init(qualities: [DigestQuality] = [.auth], userHash: Bool = false, useLimit: Int = 100) {
      verifier = DigestVerifier(
        realm: "example.org", qualities: qualities, takesUserHash: userHash, useLimit: useLimit, random: &random)
    }

    mutating func challenge() -> DigestChallenge {
      verifier.challenges(at: now, random: &random).first ?? DigestChallenge(realm: "", nonce: "", algorithm: .md5)
    }

    func answer(_ challenge: DigestChallenge, count: UInt32 = 1, password: String = "secret", body: [UInt8] = []) throws
      -> DigestCredentials
    {
      try #require(
        challenge.answer(
          username: "alice", secret: .password(password), method: .register, uri: "sip:example.org", body: body,
          count: count, clientNonce: "c"))
    }

    mutating func verify(_ credentials: DigestCredentials, body: [UInt8] = [], user: String? = nil)
      -> DigestVerifier.Verdict
    {
      verifier.verify(credentials, user: user, method: .register, body: body, secret: secret, at: now)
    }
  }

  @Test func rightPasswordIsAcceptedWithEachAlgorithm() throws {
    var fixture = Fixture()
    let challenges = fixture.verifier.challenges(at: fixture.now, random: &fixture.random)
    #expect(challenges.map(\.algorithm) == [.sha256, .md5])
    for challenge in challenges {
      let received = try #require(DigestChallenge(challenge.description))
      #expect(received == challenge)
      let credentials = try #require(DigestCredentials(try fixture.answer(received).description))
      #expect(fixture.verify(credentials) == .accepted)
    }
  }

  @Test func clientPrefersSHA256() throws {
    var fixture = Fixture()
    var headers = SIPHeaders()
    for challenge in fixture.verifier.challenges(at: fixture.now, random: &fixture.random).reversed() {
      headers.append("WWW-Authenticate", challenge.description)
    }
    headers.append("WWW-Authenticate", "Digest realm=\"example.org\", nonce=\"1\", algorithm=SHA-512-256, qop=\"auth\"")
    #expect(DigestChallenge.choose(from: headers, status: 401)?.algorithm == .sha256)
    #expect(DigestChallenge.choose(from: headers, status: 407) == nil)
    #expect(DigestChallenge.choose(from: headers, status: 401, realm: "evil.example") == nil)
  }

  @Test func replayedCredentialsAreStale() throws {
    var fixture = Fixture()
    let challenge = fixture.challenge()
    #expect(fixture.verify(try fixture.answer(challenge, count: 1)) == .accepted)
    #expect(fixture.verify(try fixture.answer(challenge, count: 1)) == .stale)
    #expect(fixture.verify(try fixture.answer(challenge, count: 5)) == .accepted)
    // Overtaken on the way, but not seen yet.
    #expect(fixture.verify(try fixture.answer(challenge, count: 3)) == .accepted)
    #expect(fixture.verify(try fixture.answer(challenge, count: 3)) == .stale)
    #expect(fixture.verify(try fixture.answer(challenge, count: 0)) == .stale)
    #expect(fixture.verify(try fixture.answer(challenge, count: .max)) == .accepted)
    #expect(fixture.verify(try fixture.answer(challenge, count: 6)) == .stale)
  }

  @Test func nonceGrowsOld() throws {
    var fixture = Fixture()
    let credentials = try fixture.answer(fixture.challenge())
    fixture.now = fixture.now + .seconds(300)
    #expect(fixture.verify(credentials) == .stale)
    #expect(fixture.verifier.rememberedCount == 0)
  }

  @Test func nonceWithoutQopIsGoodForOneRequest() throws {
    var fixture = Fixture(qualities: [])
    let credentials = try fixture.answer(fixture.challenge())
    #expect(credentials.quality == nil)
    #expect(fixture.verify(credentials) == .accepted)
    #expect(fixture.verify(credentials) == .stale)
  }

  @Test func bodyIsProtectedByAuthInt() throws {
    var fixture = Fixture(qualities: [.authInt])
    let credentials = try fixture.answer(fixture.challenge(), body: [1, 2, 3])
    #expect(fixture.verify(credentials, body: [1, 2, 4]) == .refused(.wrongResponse))
    #expect(fixture.verify(credentials, body: [1, 2, 3]) == .accepted)
  }

  @Test func hashedUserNameIsRecognised() throws {
    var fixture = Fixture(userHash: true)
    let credentials = try fixture.answer(fixture.challenge())
    #expect(credentials.username != "alice")
    #expect(credentials.belong(to: "alice"))
    #expect(!credentials.belong(to: "bob"))
    #expect(fixture.verify(credentials, user: "alice") == .accepted)
  }

  @Test func wrongOnesAreRefused() throws {
    var fixture = Fixture()
    let challenge = fixture.challenge()
    #expect(fixture.verify(try fixture.answer(challenge, password: "guess")) == .refused(.wrongResponse))
    var forged = try fixture.answer(challenge)
    forged.nonce = String(forged.nonce.dropLast()) + (forged.nonce.hasSuffix("0") ? "1" : "0")
    #expect(fixture.verify(forged) == .refused(.foreignNonce))
    var foreign = try fixture.answer(challenge)
    foreign.realm = "other"
    #expect(fixture.verify(foreign) == .refused(.otherRealm))
    let credentials = try fixture.answer(challenge)
    #expect(
      fixture.verifier.verify(credentials, method: .register, body: [], secret: nil, at: fixture.now)
        == .refused(.unknownUser))
    #expect(
      fixture.verifier.verify(credentials, method: .invite, body: [], secret: fixture.secret, at: fixture.now)
        == .refused(.wrongResponse))
    #expect(fixture.verifier.rememberedCount == 0)
    #expect(fixture.verify(credentials) == .accepted)
  }

  @Test func memoryOfUsedNoncesIsBounded() throws {
    var fixture = Fixture(useLimit: 10)
    let first = fixture.challenge()
    #expect(fixture.verify(try fixture.answer(first)) == .accepted)
    for _ in 0..<50 {
      fixture.now = fixture.now.advanced(byMilliseconds: 1)
      #expect(fixture.verify(try fixture.answer(fixture.challenge())) == .accepted)
    }
    #expect(fixture.verifier.rememberedCount == 10)
    // What was forgotten cannot be replayed.
    #expect(fixture.verify(try fixture.answer(first)) == .stale)
  }

  @Test func secretsDoNotPrint() {
    #expect("\(DigestSecret.password("hunter2"))" == "‹redacted›")
    #expect(String(reflecting: DigestSecret.password("hunter2")) == "‹redacted›")
  }

  @Test(arguments: [
    "", "Digest", "Basic abc", "Digest username=\"a", "Digest username=\"a\" realm=\"b\"",
    "Digest username=\"a\", realm=\"b\", nonce=\"c\", uri=\"d\"",
    "Digest username=\"a\", realm=\"b\", nonce=\"c\", uri=\"d\", response=\"e\", qop=auth, cnonce=\"f\", nc=+0000001",
    "Digest username=\"a\", realm=\"b\", nonce=\"c\", uri=\"d\", response=\"e\", qop=other, cnonce=\"f\", nc=00000001",
  ]) func brokenCredentialsAreNone(text: String) { #expect(DigestCredentials(text) == nil) }
}
