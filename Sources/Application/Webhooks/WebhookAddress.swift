import Primitives

/// An `http` or `https` URL (RFC 9110, section 4.2) in its parts, read strictly.
package struct WebhookAddress: Hashable, Sendable, CustomStringConvertible {
  package static let limit = 2_048

  package let isSecure: Bool
  /// In lower case; an IPv6 address without its brackets.
  package let host: String
  package let port: UInt16
  /// Path and query, at least `/`.
  package let target: String

  /// Nil for other schemes, names and passwords, fragments, and characters that a URL has not. `base`: what a location that
  /// begins with a path belongs to.
  package init?(_ text: String, base: WebhookAddress? = nil) {
    guard text.utf8.count <= Self.limit, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      !text.contains(where: { "#\\\"<>^`{|}".contains($0) })
    else { return nil }
    if let base, text.hasPrefix("/"), !text.hasPrefix("//") {
      (isSecure, host, port, target) = (base.isSecure, base.host, base.port, text)
      return
    }
    guard let colon = text.firstRange(of: "://") else { return nil }
    switch text[..<colon.lowerBound].lowercased() {
    case "https": isSecure = true
    case "http": isSecure = false
    default: return nil
    }
    let rest = text[colon.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let path = rest[authority.endIndex...]
    target = path.hasPrefix("/") ? String(path) : "/" + path
    guard let parts = Self.split(authority) else { return nil }
    host = parts.host
    port = parts.port ?? (isSecure ? 443 : 80)
  }

  private static func split(_ authority: Substring) -> (host: String, port: UInt16?)? {
    var name = authority
    var digits: Substring?
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]"), IPAddress(authority[...end])?.isV6 == true else { return nil }
      name = authority[authority.index(after: authority.startIndex)..<end]
      let behind = authority[authority.index(after: end)...]
      guard behind.isEmpty || behind.hasPrefix(":") else { return nil }
      digits = behind.isEmpty ? nil : behind.dropFirst()
    } else {
      if let colon = authority.firstIndex(of: ":") {
        name = authority[..<colon]
        digits = authority[authority.index(after: colon)...]
      }
      guard !name.isEmpty, name.utf8.count <= 253,
        name.utf8.allSatisfy({
          (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
            || $0 == 0x2E || $0 == 0x5F
        })
      else { return nil }
    }
    guard let digits else { return (name.lowercased(), nil) }
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits), port > 0 else {
      return nil
    }
    return (name.lowercased(), port)
  }

  /// Whether a URL is this one, or lies below it: by whole parts of the path, of the same scheme, host and port.
  package func covers(_ other: WebhookAddress) -> Bool {
    guard isSecure == other.isSecure, host == other.host, port == other.port else { return false }
    let path = String(other.target.prefix { $0 != "?" })
    // A receiver may take these for a way up.
    guard !path.lowercased().replacing("%2e", with: ".").contains("/..") else { return false }
    let own = target.hasSuffix("/") ? String(target.dropLast()) : target
    return other.target == target || path == target || path.hasPrefix(own + "/")
  }

  /// Without the port where the scheme tells it: for `Host`.
  package var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
  }

  /// Without the query, where a secret may stand.
  package var description: String {
    "\(isSecure ? "https" : "http")://\(authority)\(target.prefix { $0 != "?" })"
  }
}
