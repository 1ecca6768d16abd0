import Primitives
import Testing

@testable import ICE

@Suite struct TURNCredentialsTests {
  /// Computed with Python's hmac and base64.
  @Test func theyAreWhatTheTURNServerComputes() {
    let credentials = TURNCredentials(secret: Redacted("north"), user: "leg42", ttl: 86_400, at: 1_433_808_845)
    #expect(credentials.username == "1433895245:leg42")
    #expect(credentials.password.value == "kirdRLejzoayD2Yf8JMiJ4mkslg=")
    #expect(!"\(credentials)".contains(credentials.password.value))
  }

  @Test func theirLifeIsBounded() {
    #expect(TURNCredentials(secret: Redacted("s"), user: "u", ttl: -5, at: 100).username == "101:u")
    #expect(TURNCredentials(secret: Redacted("s"), user: "u", ttl: .max, at: 100).username == "86500:u")
  }

  /// RFC 4648, section 10.
  @Test func base64IsThatOfItsRFC() {
    let pairs = [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ]
    for (text, coded) in pairs { #expect(TURNCredentials.base64(Array(text.utf8)) == coded) }
  }
}
