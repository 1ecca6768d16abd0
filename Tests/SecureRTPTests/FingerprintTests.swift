import Testing

@testable import SecureRTP

/// Certificates and the hashes that name them.
@Suite struct FingerprintTests {
  @Test func certificatesAreNewEachTimeAndKnownByTheirHash() throws {
    let certificate = try DTLSCertificate.selfSigned()
    let other = try DTLSCertificate.selfSigned()
    #expect(certificate != other)
    #expect(certificate.fingerprint != other.fingerprint)
    #expect(certificate.certificate.count > 200)
    let text = "\(certificate.fingerprint)"
    #expect(text.utf8.count == "sha-256 ".utf8.count + 32 * 3 - 1)
    #expect(Fingerprint(text) == certificate.fingerprint)
    #expect(Fingerprint(text.lowercased()) == certificate.fingerprint)
    #expect(certificate.fingerprint.matches(certificate: certificate.certificate))
    #expect(!certificate.fingerprint.matches(certificate: other.certificate))
    var dumped = ""
    dump(certificate, to: &dumped)
    #expect(!dumped.contains("\(certificate.keyOctets[40...43])"))
    #expect(dumped.contains("redacted"))
  }

  @Test(arguments: Fingerprint.Algorithm.allCases)
  func everyHashReadsTheSameAndOnlyStrongOnesCount(algorithm: Fingerprint.Algorithm) throws {
    let certificate = try DTLSCertificate.selfSigned().certificate
    let fingerprint = try #require(Fingerprint(of: certificate, algorithm))
    #expect(fingerprint.octets.count == algorithm.count)
    #expect(Fingerprint("\(fingerprint)") == fingerprint)
    #expect(fingerprint.matches(certificate: certificate) == algorithm.isTrusted)
    #expect(!fingerprint.matches(certificate: certificate + [0]))
  }

  /// FIPS 180-4's example.
  @Test func hashesAreThoseOfTheStandard() {
    #expect(
      Fingerprint(of: Array("abc".utf8), .sha256)?.octets
        == Hex.octets("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
    #expect(
      Fingerprint(of: Array("abc".utf8), .sha1)?.octets == Hex.octets("a9993e364706816aba3e25717850c26c9cd0d89d"))
  }

  @Test func whatIsNoFingerprintIsRefused() {
    let pairs = Array(repeating: "AB", count: 32).joined(separator: ":")
    #expect(Fingerprint("SHA-256 \(pairs)") != nil)
    for wrong in [
      "md5 \(pairs)", "md2 \(pairs)", "sha-512 \(pairs)", "sha-256", "sha-256 \(pairs):AB", "sha-256 \(pairs):",
      "sha-256 \(pairs.dropLast(3))", "sha-256 +B\(pairs.dropFirst(2))", "sha-256 \(pairs.dropLast(2))G0", pairs, "",
      "sha-256 \(pairs) x", "sha-256 " + String(repeating: "A", count: 1_000),
    ] {
      #expect(Fingerprint(wrong) == nil, "\(wrong)")
    }
  }
}
