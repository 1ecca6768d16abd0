/// What a party of a recording is found by: the user part of its address, and the digits in it.
struct PartyKeys: Hashable {
  /// In lower case.
  var user: String
  /// From the last to the first, so that a number is found by its end; nil if there are none.
  var reversedDigits: String?

  /// `sip:+49301234@host;user=phone` as `+49301234`.
  init(_ uri: String) {
    var rest = uri[...]
    for scheme in ["sip:", "sips:", "tel:"] where rest.lowercased().hasPrefix(scheme) {
      rest = rest.dropFirst(scheme.count)
      break
    }
    user = String(rest.prefix { $0 != "@" && $0 != ";" && $0 != "?" }).lowercased()
    reversedDigits = Self.reversedDigits(of: user)
  }

  /// Who answered, by the customer context: a name that need not be in an address.
  init(agent: String) { user = agent.lowercased() }

  /// ASCII digits only: what else stands between them, as `-` or blanks, is for people.
  static func reversedDigits(of text: String) -> String? {
    let digits = text.utf8.filter { (0x30...0x39).contains($0) }
    return digits.isEmpty ? nil : String(decoding: digits.reversed(), as: UTF8.self)
  }
}
