import Primitives

/// A sip: or sips: URI: RFC 3261, section 19.1. User, password, parameters and headers are kept unescaped.
package struct SIPURI: Hashable, Sendable {
  package enum Scheme: String, Hashable, Sendable, Codable { case sip, sips }

  package var scheme: Scheme
  package var user: String?
  package var password: String?
  package var host: SIPHost
  /// Nil if the URI names none; the default depends on the transport.
  package var port: UInt16?
  package var parameters = SIPParameters()
  package var headers = SIPURIHeaders()

  package init(scheme: Scheme = .sip, user: String? = nil, host: SIPHost, port: UInt16? = nil) {
    self.scheme = scheme
    self.user = user
    self.host = host
    self.port = port
  }

  package init?(_ text: String) {
    let bytes = Array(text.utf8)[...]
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      let scheme = Scheme(rawValue: String(decoding: bytes[..<colon], as: UTF8.self).lowercased())
    else { return nil }
    let rest = bytes[(colon + 1)...]
    // Whatever a URI may hold, these would break out of the header it stands in.
    guard
      rest.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") && $0 != 0x22 })
    else { return nil }
    var hostPart = rest
    var user: String?
    var password: String?
    if let at = rest.firstIndex(of: UInt8(ascii: "@")) {
      let info = rest[..<at]
      let split = info.firstIndex(of: UInt8(ascii: ":")) ?? info.endIndex
      guard let name = PercentCoding.decode(info[..<split]), !name.isEmpty else { return nil }
      user = name
      if split < info.endIndex {
        guard let secret = PercentCoding.decode(info[(split + 1)...]) else { return nil }
        password = secret
      }
      hostPart = rest[(at + 1)...]
    }
    let end = hostPart.firstIndex { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "?") } ?? hostPart.endIndex
    guard let (host, port) = SIPURI.hostPort(hostPart[..<end]) else { return nil }
    self.init(scheme: scheme, user: user, host: host, port: port)
    self.password = password
    let tail = hostPart[end...]
    let question = tail.firstIndex(of: UInt8(ascii: "?")) ?? tail.endIndex
    guard let parameters = SIPURI.parameters(tail[..<question]) else { return nil }
    self.parameters = parameters
    if question < tail.endIndex {
      guard let headers = SIPURIHeaders(tail[(question + 1)...]) else { return nil }
      self.headers = headers
    }
  }

  /// - Throws: an error with status 400.
  package init(parsing text: String) throws(SIPParseError) {
    guard let uri = SIPURI(text) else { throw SIPParseError(status: 400, reason: "Malformed SIP URI") }
    self = uri
  }

  /// The transport that the URI asks for; nil if none, or one that is not spoken here.
  package var transport: SIPTransport? {
    parameters["transport"].flatMap { SIPTransport(rawValue: $0.uppercased()) }
  }

  /// `host[:port]` with IPv6 in brackets; nil if it is neither.
  static func hostPort(_ bytes: ArraySlice<UInt8>) -> (SIPHost, UInt16?)? {
    var hostEnd = bytes.endIndex
    if bytes.first == UInt8(ascii: "[") {
      guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      hostEnd = close + 1
    } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
      hostEnd = colon
    }
    guard let host = SIPHost(String(decoding: bytes[..<hostEnd], as: UTF8.self)) else { return nil }
    guard hostEnd < bytes.endIndex else { return (host, nil) }
    guard bytes[hostEnd] == UInt8(ascii: ":"),
      let port = CharacterClass.number(String(decoding: bytes[(hostEnd + 1)...], as: UTF8.self), as: UInt16.self)
    else { return nil }
    return (host, port)
  }

  private static func parameters(_ bytes: ArraySlice<UInt8>) -> SIPParameters? {
    var parameters = SIPParameters()
    guard let first = bytes.first else { return parameters }
    guard first == UInt8(ascii: ";") else { return nil }
    for part in bytes.dropFirst().split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
      let equals = part.firstIndex(of: UInt8(ascii: "="))
      guard let name = PercentCoding.decode(part[..<(equals ?? part.endIndex)]), !name.isEmpty else { return nil }
      guard let equals else {
        parameters.append(.init(name: name, value: nil, isQuoted: false))
        continue
      }
      guard let value = PercentCoding.decode(part[(equals + 1)...]) else { return nil }
      parameters.append(.init(name: name, value: value, isQuoted: false))
    }
    return parameters
  }
}

extension SIPURI: CustomStringConvertible {
  package var description: String {
    var text = scheme.rawValue + ":"
    if let user {
      text += PercentCoding.encode(user, CharacterClass.isUser)
      if let password { text += ":" + PercentCoding.encode(password, CharacterClass.isPassword) }
      text += "@"
    }
    text += host.description
    if let port { text += ":\(port)" }
    for parameter in parameters.all {
      text += ";" + PercentCoding.encode(parameter.name, CharacterClass.isURIParameter)
      if let value = parameter.value { text += "=" + PercentCoding.encode(value, CharacterClass.isURIParameter) }
    }
    return text + headers.description
  }
}

extension SIPURI: Codable {
  /// As its text.
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let uri = SIPURI(text) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "This is no SIP URI."))
    }
    self = uri
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
