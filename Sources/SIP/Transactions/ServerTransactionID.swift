/// What a request is matched to its server transaction by: RFC 3261, section 17.2.3.
///
/// With the magic cookie it is branch, sent-by and method. Without it (RFC 2543) it is Request-URI, From tag, Call-ID,
/// CSeq number and the whole topmost Via; the To tag is left out because an ACK carries one that its INVITE lacked.
package struct ServerTransactionID: Hashable, Sendable {
  private let key: String
  package let method: SIPMethod

  private init(key: String, method: SIPMethod) {
    self.key = key
    self.method = method
  }

  /// Nil if the request has no Via that can be read. An ACK gets the name of its INVITE.
  package init?(_ request: SIPRequest) {
    guard let via = request.headers.topVia else { return nil }
    let method = request.method == .ack ? SIPMethod.invite : request.method
    if let branch = via.branch, ServerTransactionID.hasCookie(branch) {
      let port = via.port.map { ":\($0)" } ?? ""
      self.init(key: "\(branch.lowercased()) \(via.host.description.lowercased())\(port)", method: method)
    } else {
      let headers = request.headers
      let number = headers.cSeq.map { String($0.number) } ?? ""
      let key = [
        "2543", request.uri.text, headers.from?.tag ?? "", headers["Call-ID"] ?? "", number, via.description,
      ]
      self.init(key: key.joined(separator: "\u{0}"), method: method)
    }
  }

  /// The INVITE's transaction that a CANCEL with this name is about (RFC 3261, section 9.2).
  package var cancelled: ServerTransactionID { ServerTransactionID(key: key, method: .invite) }

  static func hasCookie(_ branch: String) -> Bool {
    let cookie = Array("z9hg4bk".utf8)
    let head = Array(branch.utf8.prefix(cookie.count)).map { $0 | 0x20 }
    // The digits of the cookie have the lower-case bit set anyway.
    return head == cookie && branch.utf8.count > cookie.count
  }
}
