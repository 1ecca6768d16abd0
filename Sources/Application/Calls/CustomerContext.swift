import SIP

/// What a call knows about the customer: `X-Call-*` headers, User-to-User (RFC 7433) and Call-Info in, and out again.
package enum CustomerContext {
  package static let userToUser = "user-to-user"
  /// Where the rest of the context can be read: an https URL.
  package static let callInfo = "call-info"
  /// `X-Call-Signed` names the values that a shop's back end has signed. It is ours alone: nobody brings it in.
  package static let signed = "signed"
  private static let prefix = "x-call-"

  /// The values that the policy allows. Names are compared after normalising case, space and control characters, so
  /// that no spelling of a trusted name comes through from a stranger; the first value of a name counts.
  package static func values(in headers: SIPHeaders, isTrusted: Bool, policy: ContextPolicy) -> [String: String] {
    var values: [String: String] = [:]
    for field in headers.fields {
      guard values.count < policy.maximumValues, let key = key(field.name), values[key] == nil, key != userToUser,
        key != callInfo, key != signed
      else { continue }
      let isAllowed = policy.trusted.contains(key) ? isTrusted : policy.open?.contains(key) ?? true
      guard isAllowed, field.value.utf8.count <= policy.maximumLength, let text = PercentText.decode(trim(field.value)),
        text.utf8.count <= policy.maximumLength, isHarmless(text)
      else { continue }
      values[key] = text
    }
    if values.count < policy.maximumValues, let text = headers.all("User-to-User").first.flatMap(userToUserText),
      text.utf8.count <= policy.maximumLength, isHarmless(text)
    {
      values[userToUser] = text
    }
    let isAllowed = policy.trusted.contains(callInfo) ? isTrusted : policy.open?.contains(callInfo) ?? true
    if isAllowed, values.count < policy.maximumValues, let url = url(in: headers),
      url.utf8.count <= policy.maximumLength
    {
      values[callInfo] = url
    }
    return values
  }

  /// The header fields that carry a context on, what is signed first; keys that make no header name are left out. The last
  /// field names those that are signed.
  package static func headers(for context: CallContext, policy: ContextPolicy) -> [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = []
    var signedKeys: [String] = []
    let isSigned = context.isSigned
    let ordered = context.values.sorted { left, right in
      isSigned(left.key) == isSigned(right.key) ? left.key < right.key : isSigned(left.key)
    }
    for (key, value) in ordered {
      guard fields.count < policy.maximumValues else { break }
      guard key != signed, let field = field(key, value, policy: policy) else { continue }
      fields.append(field)
      if isSigned(key) { signedKeys.append(key) }
    }
    if !signedKeys.isEmpty { fields.append(("X-Call-Signed", signedKeys.joined(separator: ","))) }
    return fields
  }

  private static func field(_ key: String, _ value: String, policy: ContextPolicy) -> (name: String, value: String)? {
    if key == userToUser {
      let hex = value.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      return ("User-to-User", hex + ";encoding=hex")
    }
    if key == callInfo { return isPlainURL(value) ? ("Call-Info", "<\(value)>;purpose=info") : nil }
    let encoded = PercentText.encode(value)
    guard !key.isEmpty, key.utf8.allSatisfy(isNameOctet), encoded.utf8.count <= policy.maximumLength else { return nil }
    let name = key.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: "-")
    return ("X-Call-\(name)", encoded)
  }

  /// Whether a shop's token may say this: a name in lower case, and a value that a header field can carry.
  package static func isAcceptable(_ key: String, _ value: String, policy: ContextPolicy) -> Bool {
    guard key == key.lowercased(), self.key(prefix + key) == key, key != signed, isHarmless(value),
      value.utf8.count <= policy.maximumLength
    else { return false }
    return field(key, value, policy: policy) != nil
  }

  /// Removes every context header, however it is spelled.
  package static func strip(_ headers: inout SIPHeaders) {
    for name in Set(headers.fields.map(\.name))
    where key(name) != nil || normalised(name) == userToUser || normalised(name) == callInfo {
      headers.remove(name)
    }
  }

  /// RFC 3261, section 20.9; only what names itself information, and only https.
  private static func url(in headers: SIPHeaders) -> String? {
    for value in headers.list("Call-Info") {
      guard let address = NameAddress(value), address.parameters["purpose"]?.lowercased() == "info",
        isPlainURL(address.uri.text)
      else { continue }
      return address.uri.text
    }
    return nil
  }

  private static func isPlainURL(_ text: String) -> Bool {
    text.hasPrefix("https://")
      && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x27 && $0 != 0x3C && $0 != 0x3E }
  }

  /// The key of a context header, nil for other headers and for names with odd characters.
  private static func key(_ name: String) -> String? {
    let name = normalised(name)
    guard name.hasPrefix(prefix) else { return nil }
    let key = String(name.dropFirst(prefix.count))
    return !key.isEmpty && key.utf8.count <= 64 && key.utf8.allSatisfy(isNameOctet) ? key : nil
  }

  /// Lower case without space and control characters; underscores, which some proxies take for hyphens, become hyphens.
  private static func normalised(_ name: String) -> String {
    let octets = name.lowercased().utf8.filter { $0 > 0x20 && $0 != 0x7F }
    return String(decoding: octets.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }, as: UTF8.self)
  }

  private static func isNameOctet(_ octet: UInt8) -> Bool {
    (0x30...0x39).contains(octet) || (0x61...0x7A).contains(octet) || (0x41...0x5A).contains(octet) || octet == 0x2D
  }

  private static func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && $0.value != 0xFFFD }
  }

  private static func trim(_ text: String) -> String {
    let octets = Array(text.utf8)
    let head = octets.drop { $0 == 0x20 || $0 == 0x09 }
    var tail = head
    while let last = tail.last, last == 0x20 || last == 0x09 { tail.removeLast() }
    return String(decoding: tail, as: UTF8.self)
  }

  /// RFC 7433, section 4.1: hex is decoded when it holds text; anything else stays as written.
  private static func userToUserText(_ value: String) -> String? {
    guard let token = ParameterizedToken(parsing: value) else { return value.utf8.count <= 255 ? value : nil }
    let encoding = token.parameters["encoding"]?.lowercased() ?? "hex"
    guard encoding == "hex", token.token.utf8.count % 2 == 0, token.token.utf8.count <= 510 else { return token.token }
    var octets: [UInt8] = []
    var rest = Substring(token.token)
    while !rest.isEmpty {
      guard let octet = UInt8(rest.prefix(2), radix: 16) else { return token.token }
      octets.append(octet)
      rest = rest.dropFirst(2)
    }
    let text = String(decoding: octets, as: UTF8.self)
    return isHarmless(text) ? text : token.token
  }
}
