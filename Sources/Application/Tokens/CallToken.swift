/// What a shop's back end says of a visitor: RFC 7519, with claims of ours.
package struct CallToken: Hashable, Sendable {
  /// The only widget that may be called with it.
  package var widget: String
  /// Of the page, as browsers write it: `https://shop.example`.
  package var origin: String
  /// `jti`, if there is one: such a token is good for one call.
  package var id: String?
  /// Seconds since 1970.
  package var expires: Int64
  /// What the shop vouches for, by the names of the `X-Call-` headers in lower case.
  package var context: [String: String]

  package init(widget: String, origin: String, id: String? = nil, expires: Int64, context: [String: String] = [:]) {
    self.widget = widget
    self.origin = origin
    self.id = id
    self.expires = expires
    self.context = context
  }
}
