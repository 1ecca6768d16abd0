extension SIPURI {
  /// Same resource by the rules of RFC 3261, section 19.1.4: case counts in the user part only; `user`, `ttl`, `method`,
  /// `maddr` and `transport` must stand in both or neither; other parameters count only if both have them; headers
  /// always count. Of a parameter that stands there twice, which is not allowed, the first counts.
  package func isEquivalent(to other: SIPURI) -> Bool {
    guard scheme == other.scheme, user == other.user, password == other.password, port == other.port,
      host.isEquivalent(to: other.host)
    else { return false }
    let ours = SIPURI.firstValues(parameters)
    let theirs = SIPURI.firstValues(other.parameters)
    for (name, value) in ours {
      if let counterpart = theirs[name] {
        guard counterpart == value else { return false }
      } else if SIPURI.isSignificant(name) {
        return false
      }
    }
    guard theirs.keys.allSatisfy({ ours[$0] != nil || !SIPURI.isSignificant($0) }) else { return false }
    return headers.fields.count == other.headers.fields.count && SIPURI.sorted(headers) == SIPURI.sorted(other.headers)
  }

  /// By lower-case name; a flag is the empty text, a value starts with its `=`.
  private static func firstValues(_ parameters: SIPParameters) -> [String: String] {
    var values: [String: String] = [:]
    for parameter in parameters.all where values[parameter.name.lowercased()] == nil {
      values[parameter.name.lowercased()] = parameter.value.map { "=" + $0.lowercased() } ?? ""
    }
    return values
  }

  /// Names in lower case, in an order that does not depend on theirs.
  private static func sorted(_ headers: SIPURIHeaders) -> [SIPURIHeaders.Field] {
    headers.fields.map { SIPURIHeaders.Field(name: $0.name.lowercased(), value: $0.value) }
      .sorted { ($0.name, $0.value) < ($1.name, $1.value) }
  }

  private static func isSignificant(_ name: String) -> Bool {
    ["user", "ttl", "method", "maddr", "transport"].contains(name)
  }
}
