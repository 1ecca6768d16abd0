/// The page that opened a WebSocket, as its browser says (RFC 6454, section 7). Programs that are no browsers can say what
/// they like, or nothing.
package struct PageOrigin: Hashable, Sendable {
  /// In lower case: `https://shop.example`, with the port if it is not the scheme's.
  package let text: String
  /// A page that this server has served.
  package let isOurs: Bool

  package init(_ text: String, isOurs: Bool) {
    self.text = text.lowercased()
    self.isOurs = isOurs
  }
}
