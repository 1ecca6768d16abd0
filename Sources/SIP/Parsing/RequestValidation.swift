/// What a server checks in a request before it uses it: RFC 3261, sections 8.1.1, 8.2.2, 8.2.3 and 16.3.
package struct RequestValidation: Sendable {
  /// Why a request is refused: status, reason and fields for the answer.
  package struct Refusal: Sendable {
    package var status: Int
    package var reason: String
    package var headers: [(name: String, value: String)]

    init(_ status: Int, _ reason: String? = nil, _ headers: [(name: String, value: String)] = []) {
      self.status = status
      self.reason = reason ?? SIPResponse.reasonPhrase(status)
      self.headers = headers
    }
  }

  /// Methods that are answered otherwise than with 405; empty: all pass.
  package var methods: [SIPMethod]
  /// Option tags that a Require may hold.
  package var options: [String]
  /// Media types that a body may have; empty: all pass.
  package var contentTypes: [MediaType]

  package init(
    methods: [SIPMethod] = [], options: [String] = ["100rel", "timer", "replaces", "norefersub"],
    contentTypes: [MediaType] = []
  ) {
    self.methods = methods
    self.options = options
    self.contentTypes = contentTypes
  }

  /// Nil if the request may be used. An ACK that is refused here is dropped, not answered.
  package func check(_ request: SIPRequest) -> Refusal? {
    checkForm(request) ?? checkMethod(request) ?? checkURI(request) ?? checkOptions(request) ?? checkContent(request)
  }

  /// Fields that every request must have, once, and that fit together.
  private func checkForm(_ request: SIPRequest) -> Refusal? {
    let headers = request.headers
    if request.uri.isMalformed { return Refusal(400, "Malformed Request-URI") }
    for name in ["Call-ID", "CSeq", "From", "To", "Max-Forwards", "Content-Type"] where headers.all(name).count > 1 {
      return Refusal(400, "Several \(name)")
    }
    let viaCount = headers.list("Via").count
    guard viaCount > 0 else { return Refusal(400, "Missing Via") }
    guard headers.vias.count == viaCount else { return Refusal(400, "Malformed Via") }
    guard headers.from != nil else { return Refusal(400, missing("From", headers)) }
    guard headers.to != nil else { return Refusal(400, missing("To", headers)) }
    guard headers.callID != nil else { return Refusal(400, missing("Call-ID", headers)) }
    guard let cSeq = headers.cSeq else { return Refusal(400, missing("CSeq", headers)) }
    guard cSeq.method == request.method else { return Refusal(400, "CSeq names another method") }
    if headers.has("Max-Forwards") {
      // Missing is forgiven: RFC 2543 did not have it. Zero is no matter for the end of the way.
      guard let hops = headers.maxForwards, hops <= 255 else { return Refusal(400, "Malformed Max-Forwards") }
    }
    let contacts = headers.list("Contact")
    guard contacts == ["*"] || headers.contacts.count == contacts.count else {
      return Refusal(400, "Malformed Contact")
    }
    if headers.has("Content-Type"), headers.contentType == nil { return Refusal(400, "Malformed Content-Type") }
    return nil
  }

  private func missing(_ name: String, _ headers: SIPHeaders) -> String {
    (headers.has(name) ? "Malformed " : "Missing ") + name
  }

  private func checkMethod(_ request: SIPRequest) -> Refusal? {
    guard !methods.isEmpty, !methods.contains(request.method) else { return nil }
    let allow = (name: "Allow", value: methods.map(\.rawValue).joined(separator: ", "))
    return Refusal(RequestValidation.known.contains(request.method) ? 405 : 501, nil, [allow])
  }

  private static let known: Set<SIPMethod> = [
    .invite, .ack, .bye, .cancel, .options, .register, .prack, .update, .refer, .info, .notify, .subscribe, .message,
    .publish,
  ]

  private func checkURI(_ request: SIPRequest) -> Refusal? {
    guard let uri = request.uri.sip else { return Refusal(416) }
    // Section 19.1.1: not allowed in a Request-URI.
    return uri.headers.isEmpty ? nil : Refusal(400, "Request-URI with header fields")
  }

  private func checkOptions(_ request: SIPRequest) -> Refusal? {
    // Section 8.2.2.3: not in CANCEL or the ACK of a non-2xx.
    if request.method == .ack || request.method == .cancel { return nil }
    let unsupported = request.headers.require.filter { tag in !options.contains { CharacterClass.equal($0, tag) } }
    guard !unsupported.isEmpty else { return nil }
    return Refusal(420, nil, [(name: "Unsupported", value: unsupported.joined(separator: ", "))])
  }

  private func checkContent(_ request: SIPRequest) -> Refusal? {
    let headers = request.headers
    if !request.body.isEmpty, request.method != .ack, request.method != .cancel {
      if headers.list("Content-Encoding").contains(where: { !CharacterClass.equal($0, "identity") }) {
        return Refusal(415, nil, [(name: "Accept-Encoding", value: "identity")])
      }
      let isOptional =
        headers.contentDisposition?.parameters["handling"].map { CharacterClass.equal($0, "optional") } ?? false
      if !contentTypes.isEmpty, !isOptional {
        let accept = (name: "Accept", value: contentTypes.map(\.description).joined(separator: ", "))
        guard let type = headers.contentType else { return Refusal(415, nil, [accept]) }
        if !contentTypes.contains(where: { $0.includes(type) }) { return Refusal(415, nil, [accept]) }
      }
    }
    // Section 20.1: no Accept means application/sdp.
    if request.method == .invite, headers.has("Accept"), !headers.accept.contains(where: { $0.includes(.sdp) }) {
      return Refusal(406)
    }
    return nil
  }
}
