import Primitives
import Testing

@testable import SecureRTP

/// Keys in session descriptions.
@Suite struct SDESCryptoTests {
  /// RFC 4568, section 4.
  static let example = "1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|2^20|1:32"
  static let key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"

  @Test func linesOfPhonesAreRead() throws {
    let lines = [
      ("1 AES_CM_128_HMAC_SHA1_80 inline:\(Self.key)", 1, SRTPProfile.aes128CMSHA1Tag80, nil),
      ("22 AES_CM_128_HMAC_SHA1_32 inline:\(Self.key)|2^31", 22, .aes128CMSHA1Tag32, UInt64(1) << 31),
      ("3 AES_CM_128_HMAC_SHA1_80 inline:\(Self.key)|1048576 WSH=64 -X=1", 3, .aes128CMSHA1Tag80, 1_048_576),
      ("4 AES_CM_128_HMAC_SHA1_80 INLINE:\(Self.key)", 4, .aes128CMSHA1Tag80, nil),
    ]
    for (line, tag, profile, lifetime) in lines {
      let crypto = try SDESCrypto.parse(line)
      #expect(crypto.tag == tag)
      #expect(crypto.profile == profile)
      #expect(crypto.lifetime == lifetime)
      #expect(try SDESCrypto.parse(crypto.value) == crypto)
    }
    #expect(try SDESCrypto.parse(lines[0].0).value == lines[0].0)
    #expect(!"\(try SDESCrypto.parse(lines[0].0))".contains(Self.key))
  }

  @Test(arguments: SRTPProfile.allCases)
  func whatIsOfferedReadsTheSame(profile: SRTPProfile) throws {
    var random = RandomSource.seeded(9)
    let offer = SDESCrypto(tag: 7, profile: profile, using: &random)
    #expect(try SDESCrypto.parse(offer.value) == offer)
    let answer = offer.answer(using: &random)
    #expect(answer.tag == 7)
    #expect(answer.profile == profile)
    #expect(answer.keys != offer.keys)
    // Some phones leave the padding out.
    #expect(try SDESCrypto.parse(offer.value.split(separator: "=").joined()) == offer)
  }

  @Test func whatIsNotUnderstoodIsRefusedByName() {
    let suite = "AES_CM_128_HMAC_SHA1_80"
    let lines: [(String, SDESError)] = [
      (Self.example, .masterKeyIdentifier),
      ("1 \(suite) inline:\(Self.key)|1:4", .masterKeyIdentifier),
      ("1 \(suite) inline:\(Self.key);inline:\(Self.key)", .severalKeys),
      ("1 AES_192_CM_HMAC_SHA1_80 inline:\(Self.key)", .unsupportedSuite),
      ("1 F8_128_HMAC_SHA1_80 inline:\(Self.key)", .unsupportedSuite),
      ("1 aes_cm_128_hmac_sha1_80 inline:\(Self.key)", .unsupportedSuite),
      ("1 AEAD_AES_128_GCM inline:\(Self.key)", .keyLength),
      ("1 \(suite) inline:\(Self.key)AAAA", .keyLength),
      ("1 \(suite) inline:\(Self.key) KDR=1", .sessionParameter),
      ("1 \(suite) inline:\(Self.key) UNENCRYPTED_SRTP", .sessionParameter),
      ("1 \(suite) inline:\(Self.key) UNAUTHENTICATED_SRTP", .sessionParameter),
      ("1 \(suite) inline:\(Self.key)|2^49", .malformed),
      ("1 \(suite) inline:\(Self.key)|0", .malformed),
      ("1 \(suite) inline:\(Self.key)|2^", .malformed),
      ("1 \(suite) inline:\(Self.key)|1|2", .malformed),
      ("1 \(suite) inline:!\(Self.key.dropFirst())", .malformed),
      ("1 \(suite) inline:", .malformed),
      ("1 \(suite) uri:\(Self.key)", .malformed),
      ("x \(suite) inline:\(Self.key)", .malformed),
      ("-1 \(suite) inline:\(Self.key)", .malformed),
      ("1234567890 \(suite) inline:\(Self.key)", .malformed),
      ("1 \(suite)", .malformed), ("", .malformed),
      ("1 \(suite) inline:\(Self.key) " + String(repeating: "-x ", count: 200), .malformed),
    ]
    for (line, error) in lines { #expect(throws: error, "\(line)") { try SDESCrypto.parse(line) } }
  }

  @Test func theFirstUsableLineOfAnOfferIsChosen() {
    let offer = [
      Self.example, "2 AES_256_CM_HMAC_SHA1_80 inline:\(Self.key)", "3 AES_CM_128_HMAC_SHA1_32 inline:\(Self.key)",
      "4 AES_CM_128_HMAC_SHA1_80 inline:\(Self.key)",
    ]
    #expect(SDESCrypto.choose(offer, allowing: Set(SRTPProfile.allCases))?.tag == 3)
    #expect(SDESCrypto.choose(offer, allowing: [.aes128CMSHA1Tag80])?.tag == 4)
    #expect(SDESCrypto.choose(offer, allowing: [.aeadAES128GCM]) == nil)
    #expect(SDESCrypto.choose([], allowing: Set(SRTPProfile.allCases)) == nil)
  }

  @Test func base64IsThatOfRFC4648() {
    let pairs = [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ]
    for (plain, coded) in pairs {
      #expect(Base64.encode(Array(plain.utf8)) == coded)
      #expect(Base64.decode(coded) == Array(plain.utf8))
    }
    let all = (0...255).map { UInt8($0) }
    #expect(Base64.decode(Base64.encode(all)) == all)
    for wrong in ["Z", "Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "=Zg=", "Zg==Zg==", "Zm9v\n", "Zm-v"] {
      #expect(Base64.decode(wrong) == nil, "\(wrong)")
    }
    #expect(Base64.decode("Zg", mayLackPadding: true) == Array("f".utf8))
    #expect(Base64.decode("Zm9vZ", mayLackPadding: true) == nil)
  }
}
