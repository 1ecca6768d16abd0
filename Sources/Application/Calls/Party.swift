import SIP

/// A caller as shown to people: bounded, and without what could break out of a line.
struct Party: Hashable, Sendable {
  static let nameLimit = 128
  static let uriLimit = 255

  let name: String
  let uri: String

  init(_ address: NameAddress?) {
    guard let address else {
      name = "anonymous"
      uri = "sip:anonymous@anonymous.invalid"
      return
    }
    var plain = address.uri.text
    var user: String?
    if let sip = address.uri.sip {
      user = sip.user
      plain = SIPURI(scheme: sip.scheme, user: sip.user, host: sip.host, port: sip.port).description
    }
    uri = Party.harmless(plain, limit: Party.uriLimit)
    let shown = Party.harmless(address.displayName ?? "", limit: Party.nameLimit)
    name = shown.isEmpty ? Party.harmless(user ?? uri, limit: Party.nameLimit) : shown
  }

  /// Without control characters and what turns the direction of text; cut at the limit in scalars.
  static func harmless(_ text: String, limit: Int) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where result.count < limit {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: continue
      default: result.append(scalar)
      }
    }
    let trimmed = String(result).drop { $0 == " " }
    return String(trimmed)
  }
}
