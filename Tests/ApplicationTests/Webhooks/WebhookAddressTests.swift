import Application
import Testing

@Suite struct WebhookAddressTests {
  @Test(arguments: [
    ("https://crm.example", "crm.example", 443, "/", "crm.example"),
    ("HTTPS://CRM.Example:8443/a/b?c=d&e=%20", "crm.example", 8443, "/a/b?c=d&e=%20", "crm.example:8443"),
    ("http://10.0.0.1?x=1", "10.0.0.1", 80, "/?x=1", "10.0.0.1"),
    ("https://[2001:DB8::1]:443/", "2001:db8::1", 443, "/", "[2001:db8::1]"),
    ("http://[::1]:8080/x", "::1", 8080, "/x", "[::1]:8080"),
  ])
  func aURLIsReadInItsParts(_ text: String, _ host: String, _ port: UInt16, _ target: String, _ authority: String)
    throws
  {
    let address = try #require(WebhookAddress(text))
    #expect(address.host == host && address.port == port && address.target == target)
    #expect(address.authority == authority && address.isSecure == text.lowercased().hasPrefix("https"))
  }

  @Test(arguments: [
    "", "crm.example", "//crm.example/", "ftp://h/", "file:///etc/passwd", "https://", "https:///x", "https://user@h/",
    "https://user:pass@h/", "https://h/#x", "https://h/ x", "https://h/\r\nX: y", "https://h\\@evil.example/",
    "https://h:0/",
    "https://h:65536/", "https://h:/", "https://h:x/", "https://[::1/", "https://[h]/", "https://[1.2.3.4]/",
    "https://[::1]x/",
    "https://h%2f/", "https://ü.example/", "javascript://h/", "https://h\u{0}/", "https://h/<x>",
    "https://" + String(repeating: "h", count: 254) + "/", "https://h/" + String(repeating: "x", count: 2_048),
  ])
  func whatIsNoPlainURLIsRefused(_ text: String) { #expect(WebhookAddress(text) == nil) }

  @Test func aLocationMayBeAPathOfTheSameHost() throws {
    let base = try #require(WebhookAddress("https://crm.example:8443/a"))
    let next = try #require(WebhookAddress("/b?c", base: base))
    #expect(next.host == "crm.example" && next.port == 8443 && next.isSecure && next.target == "/b?c")
    #expect(WebhookAddress("//evil.example/", base: base) == nil && WebhookAddress("b", base: base) == nil)
    #expect(WebhookAddress("https://other.example/", base: base)?.host == "other.example")
  }

  @Test func itsQueryIsNotShown() throws {
    #expect("\(try #require(WebhookAddress("https://h/x?key=secret")))" == "https://h/x")
  }
}
