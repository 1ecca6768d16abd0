import Primitives

extension ICECandidate {
  /// Octets of a line at most.
  package static let maximumLength = 1_024
  package static let maximumExtensions = 16

  /// Reads the value of `a=candidate`, with or without `candidate:` before it.
  ///
  /// - Returns: nil for what the grammar does not allow, and for transports and kinds that are not spoken here, which
  ///   are passed over (RFC 8839, section 5.1).
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count <= Self.maximumLength, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      return nil
    }
    let prefix = "candidate:"
    let words = Substring(text).dropFirst(text.hasPrefix(prefix) ? prefix.count : 0).split(separator: " ")
    guard words.count >= 8, words.count % 2 == 0, words.count <= 8 + 2 * (Self.maximumExtensions + 3),
      (1...32).contains(words[0].utf8.count), words[0].utf8.allSatisfy(ICECredentials.isICECharacter),
      let component = Self.number(words[1], digits: 3), (1...256).contains(component),
      let transport = ICETransport(name: words[2]),
      let priority = Self.number(words[3], digits: 10).flatMap({ UInt32(exactly: $0) }),
      let host = Host(words[4]), let port = Self.port(words[5]), words[6].lowercased() == "typ",
      let kind = Kind(rawValue: words[7].lowercased())
    else { return nil }
    self.init(
      foundation: String(words[0]), component: component, transport: transport, priority: priority, host: host,
      port: port, kind: kind)
    for index in stride(from: 8, to: words.count - 1, by: 2) {
      guard add(words[index], words[index + 1]) else { return nil }
    }
  }

  private mutating func add(_ name: Substring, _ value: Substring) -> Bool {
    switch name {
    case "raddr" where relatedHost == nil:
      guard let host = Host(value) else { return false }
      relatedHost = host
    case "rport" where relatedPort == nil:
      guard let port = Self.port(value) else { return false }
      relatedPort = port
    case "tcptype" where transport == .udp: break
    case "tcptype" where tcpType == nil:
      guard let type = TCPType(rawValue: String(value)) else { return false }
      tcpType = type
    case "raddr", "rport", "tcptype": return false
    default:
      guard extensions.count < Self.maximumExtensions else { return false }
      extensions.append(Extension(name: String(name), value: String(value)))
    }
    return true
  }

  private static func number(_ text: Substring, digits: Int) -> Int? {
    guard (1...digits).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(text)
  }

  private static func port(_ text: Substring) -> UInt16? { number(text, digits: 5).flatMap { UInt16(exactly: $0) } }
}

extension ICECandidate.Host: CustomStringConvertible {
  init?(_ text: Substring) {
    if let ip = IPAddress(text) {
      self = .ip(ip)
      return
    }
    let isName = text.utf8.allSatisfy { octet in
      ICECredentials.isICECharacter(octet) && octet != UInt8(ascii: "+") && octet != UInt8(ascii: "/")
        || octet == UInt8(ascii: "-") || octet == UInt8(ascii: ".") || octet == UInt8(ascii: "_")
    }
    guard isName, (1...255).contains(text.utf8.count) else { return nil }
    self = .name(String(text))
  }

  package var description: String {
    switch self {
    case .ip(let ip): ip.description
    case .name(let name): name
    }
  }
}

extension ICECandidate: CustomStringConvertible {
  /// The value of `a=candidate`.
  package var description: String {
    var text = "\(foundation) \(component) \(transport.rawValue) \(priority) \(host) \(port) typ \(kind.rawValue)"
    if let relatedHost { text += " raddr \(relatedHost)" }
    if let relatedPort { text += " rport \(relatedPort)" }
    if let tcpType { text += " tcptype \(tcpType.rawValue)" }
    for word in extensions { text += " \(word.name) \(word.value)" }
    return text
  }
}
