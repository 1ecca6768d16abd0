/// The requests that a dialog makes: RFC 3261, section 12.2.1.1.
extension Dialog {
  /// The next request of this end, numbered; its Via is put on by the transaction layer. `contact` is for requests that
  /// refresh the target. Use `acknowledge` for ACK and the transaction layer for CANCEL.
  package mutating func makeRequest(_ method: SIPMethod, contact: String? = nil) -> SIPRequest {
    request(method, number: nextSequence(), contact: contact)
  }

  /// The ACK of a 2xx to the INVITE with that CSeq number (section 13.2.2.4).
  package func acknowledge(_ number: UInt32) -> SIPRequest { request(.ack, number: number, contact: nil) }

  /// Where a request of this dialog goes to first: the topmost route, else the target (section 8.1.2).
  package var nextHop: RequestURI {
    if let route = routeSet.first, let address = NameAddress(route) { return address.uri }
    return RequestURI(remoteTarget)
  }

  private func request(_ method: SIPMethod, number: UInt32, contact: String?) -> SIPRequest {
    let (uri, routes) = addressing
    var request = SIPRequest(method: method, uri: uri, headers: SIPHeaders(), body: [])
    for route in routes { request.headers.append("Route", route) }
    request.headers.append("Max-Forwards", "70")
    request.headers.append("From", localParty)
    request.headers.append("To", remoteParty)
    request.headers.append("Call-ID", callID)
    request.headers.append("CSeq", CSeq(number: number, method: method).description)
    if let contact { request.headers.append("Contact", contact) }
    return request
  }

  /// Request-URI and Routes. A first route without `lr` is a strict router of RFC 2543: it becomes the Request-URI, and the
  /// target goes to the end of the routes.
  private var addressing: (uri: RequestURI, routes: [String]) {
    let target = RequestURI(remoteTarget)
    guard let first = routeSet.first, let address = NameAddress(first), var strict = address.uri.sip,
      !strict.parameters.has("lr")
    else { return (target, routeSet) }
    strict.headers = .init()
    strict.parameters["method"] = nil
    return (.sip(strict), Array(routeSet.dropFirst()) + ["<\(remoteTarget)>"])
  }
}
