/// A message that is being read: start line, fields so far, and the Content-Length that it claims.
struct MessageHead: Hashable, Sendable {
  let start: StartLine
  private(set) var headers = SIPHeaders()
  /// Octets of start line, fields and empty line.
  var end = 0
  /// Values of Content-Length as they came.
  private var lengths: [String] = []

  init(start: StartLine) { self.start = start }

  /// Reads one unfolded field; an empty one is none.
  mutating func take(_ line: [UInt8], limits: SIPLimits) throws(SIPParseError) {
    guard !line.isEmpty else { return }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw error(400, "Field without a colon") }
    let name = CharacterClass.trimmed(line[..<colon])
    guard !name.isEmpty, name.allSatisfy(CharacterClass.isToken) else { throw error(400, "Malformed field name") }
    var value = Array(CharacterClass.trimmed(line[(colon + 1)...]))
    for index in value.indices where value[index] == 0x0D { value[index] = 0x20 }
    let text = String(decoding: value, as: UTF8.self)
    let field = HeaderName.canonical(String(decoding: name, as: UTF8.self))
    if field == "Content-Length" {
      lengths.append(text)
      guard lengths.count <= limits.fields else { throw error(513, "Too many fields") }
      return
    }
    guard headers.fields.count < limits.fields else { throw error(513, "Too many fields") }
    headers.append(field, text)
  }

  /// Nil if the message does not say.
  func contentLength() throws(SIPParseError) -> Int? {
    guard let text = lengths.first else { return nil }
    guard lengths.allSatisfy({ $0 == text }), let length = CharacterClass.number(text, as: Int.self), length >= 0 else {
      throw error(400, "Malformed Content-Length")
    }
    return length
  }

  func error(_ status: Int, _ reason: String) -> SIPParseError {
    guard case .request(let method, let uri) = start.content else {
      return SIPParseError(status: status, reason: reason)
    }
    let request = SIPRequest(method: method, uri: uri, headers: headers, body: [])
    return SIPParseError(status: status, reason: reason, request: request)
  }

  func message(body: [UInt8]) throws(SIPParseError) -> SIPMessage {
    switch start.content {
    case .request(let method, let uri):
      guard !uri.isMalformed else { throw error(400, "Malformed Request-URI") }
      return .request(SIPRequest(method: method, uri: uri, headers: headers, body: body))
    case .response(let status, let reason):
      return .response(SIPResponse(status: status, reason: reason, headers: headers, body: body))
    }
  }
}
