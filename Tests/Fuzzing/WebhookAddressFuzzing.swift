import Application
import Primitives
import TestSupport
import Testing

/// URLs, as the configuration has them and as strangers send them in `Location`.
@Suite struct WebhookAddressFuzzing {
  private static let seeds = [
    "https://crm.example/calls", "http://[2001:db8::1]:8080/a?b=c", "HTTP://10.0.0.1", "/path?x", "//evil.example/",
    "https://user:pass@h/", "https://h:65536/#x",
  ].map { Array($0.utf8) }
  private static let tokens = [
    "https://", "http://", "://", "//", "@", ":", "[", "]", "::1", "/", "?", "#", "\\", "%2f", ".", "127.0.0.1", ":443",
    ":0", "\r\n", " ", "\u{E4}",
  ]

  @Test func whatIsReadReadsTheSameAgainAndBreaksOutOfNoLine() throws {
    let base = try #require(WebhookAddress("https://base.example:8443/x"))
    var fuzzer = Fuzzer("webhook-address", seeds: Self.seeds, tokens: Self.tokens, isText: true, limit: 512)
    fuzzer.run { (input, _) throws(FuzzFailure) in
      guard let address = WebhookAddress(String(decoding: input, as: UTF8.self), base: base) else { return .refused }
      var outcome = FuzzOutcome.accepted
      outcome.add(address.isSecure)
      outcome.add(address.host.contains(":"))
      outcome.add(size: address.host.utf8.count)
      outcome.add(size: address.target.utf8.count)
      let scheme = address.isSecure ? "https" : "http"
      try FuzzFailure.unless(
        WebhookAddress("\(scheme)://\(address.authority)\(address.target)") == address, "a URL reads the same again")
      try FuzzFailure.unless(
        !address.host.isEmpty && address.port > 0 && address.target.hasPrefix("/")
          && (address.authority + address.target).utf8.allSatisfy { (0x21...0x7E).contains($0) },
        "a URL's parts make one line of HTTP")
      return outcome
    }.check()
  }
}
