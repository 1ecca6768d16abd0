import SIP

/// The languages that a caller wants, best first, as primary subtags of RFC 5646.
enum LanguageWishes {
  /// Languages of one call at most.
  private static let limit = 16

  /// - Parameters:
  ///   - fixed: what the way that the call came by says; goes before all others.
  ///   - context: what is known of the customer; its value `language` goes before what the phone says.
  static func list(fixed: String?, context: CallContext, headers: SIPHeaders) -> [String] {
    let tags = [fixed, context.values["language"]].compactMap { $0 } + accepted(headers)
    var list: [String] = []
    for tag in tags.compactMap({ primary($0[...]) }) where !list.contains(tag) && list.count < limit {
      list.append(tag)
    }
    return list
  }

  /// Accept-Language by its q values (RFC 3261, section 20.3; RFC 9110, section 12.5.4); those of the same value as they stand.
  private static func accepted(_ headers: SIPHeaders) -> [String] {
    let wishes = headers.list("Accept-Language").prefix(limit).compactMap { text -> (tag: String, weight: Double)? in
      guard let token = ParameterizedToken(parsing: text) else { return nil }
      let weight = token.parameters["q"].map { Double($0) ?? 0 } ?? 1
      return weight > 0 ? (token.token, min(weight, 1)) : nil
    }
    return wishes.enumerated().sorted { left, right in
      (right.element.weight, left.offset) < (left.element.weight, right.offset)
    }.map(\.element.tag)
  }

  private static func primary(_ tag: Substring) -> String? {
    let primary = tag.prefix { $0 != "-" && $0 != "_" }.lowercased()
    return (2...3).contains(primary.utf8.count) && primary.utf8.allSatisfy { (0x61...0x7A).contains($0) }
      ? primary : nil
  }
}
