extension SIPRequest {
  /// A request of another method within the same hop and branch as this one, as the CANCEL of an INVITE (RFC 3261,
  /// section 9.1) and the ACK of its 3xx–6xx (section 17.1.1.3) are: same Request-URI, topmost Via, From, To, Call-ID,
  /// CSeq number and Routes, no body.
  func sibling(method: SIPMethod) -> SIPRequest {
    var sibling = SIPRequest(method: method, uri: uri, headers: SIPHeaders(), body: [])
    if let via = headers.topVia { sibling.headers.append("Via", via.description) }
    for route in headers.all("Route") { sibling.headers.append("Route", route) }
    sibling.headers.append("Max-Forwards", "70")
    for name in ["From", "To", "Call-ID"] {
      if let value = headers[name] { sibling.headers.append(name, value) }
    }
    if let number = headers.cSeq?.number {
      sibling.headers.append("CSeq", CSeq(number: number, method: method).description)
    }
    return sibling
  }
}
