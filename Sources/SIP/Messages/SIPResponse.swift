/// A SIP response as a value: RFC 3261, section 7.2. Content-Length is no field of it; it follows from the body.
package struct SIPResponse: Hashable, Sendable {
  /// 100 to 699.
  package var status: Int
  package var reason: String
  package var headers: SIPHeaders
  package var body: [UInt8]

  package init(status: Int, reason: String? = nil, headers: SIPHeaders = SIPHeaders(), body: [UInt8] = []) {
    self.status = status
    self.reason = reason ?? SIPResponse.reasonPhrase(status)
    self.headers = headers
    self.body = body
  }

  /// The answer to a request with the fields that RFC 3261, section 8.2.6.2, copies: Via, From, To (with `toTag`, if it
  /// has no tag yet), Call-ID and CSeq; Timestamp into a 100, Record-Route into 101 to 299.
  package init(status: Int, reason: String? = nil, to request: SIPRequest, toTag: String?) {
    self.init(status: status, reason: reason)
    for field in request.headers.fields {
      switch field.name {
      case "Via", "From", "Call-ID", "CSeq": headers.append(field.name, field.value)
      case "To": headers.append("To", SIPResponse.tagged(field.value, toTag: status == 100 ? nil : toTag))
      case "Timestamp": if status == 100 { headers.append(field.name, field.value) }
      case "Record-Route": if (101..<300).contains(status) { headers.append(field.name, field.value) }
      default: break
      }
    }
  }

  /// The octets for the wire, with Content-Length.
  package func encoded() -> [UInt8] {
    headers.encoded(startLine: "SIP/2.0 \(status) \(reason)", body: body)
  }

  private static func tagged(_ to: String, toTag: String?) -> String {
    guard let toTag else { return to }
    // A To that cannot be read is answered as it came, plus the tag.
    if let address = NameAddress(to), address.tag != nil { return to }
    return "\(to);tag=\(toTag)"
  }
}
