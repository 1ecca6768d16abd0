/// A SIP request as a value: RFC 3261, section 7.1. Content-Length is no field of it; it follows from the body.
package struct SIPRequest: Hashable, Sendable {
  package var method: SIPMethod
  package var uri: RequestURI
  package var headers: SIPHeaders
  package var body: [UInt8]

  package init(method: SIPMethod, uri: RequestURI, headers: SIPHeaders = SIPHeaders(), body: [UInt8] = []) {
    self.method = method
    self.uri = uri
    self.headers = headers
    self.body = body
  }

  /// The octets for the wire, with Content-Length.
  package func encoded() -> [UInt8] {
    headers.encoded(startLine: "\(method.rawValue) \(uri.text) SIP/2.0", body: body)
  }
}
