/// The `;name=value` parameters of a URI or header value, in their order: RFC 3261, section 7.3.1.
///
/// Values are kept without their quotes and escapes; names are compared without regard to case.
package struct SIPParameters: Hashable, Sendable {
  /// One parameter; `value` is nil for a flag such as `lr`.
  package struct Parameter: Hashable, Sendable {
    package var name: String
    package var value: String?
    /// True if the value stands in quotes.
    package var isQuoted: Bool
  }

  package private(set) var all: [Parameter] = []

  package init() {}

  package var isEmpty: Bool { all.isEmpty }

  /// The value of the first parameter with this name; nil also for a flag. Setting nil removes it, setting a value that
  /// is no token or host puts it into quotes.
  package subscript(name: String) -> String? {
    get { all.first { CharacterClass.equal($0.name, name) }?.value }
    set {
      guard let newValue else { return all.removeAll { CharacterClass.equal($0.name, name) } }
      let isQuoted = newValue.isEmpty || !newValue.utf8.allSatisfy(CharacterClass.isPlainValue)
      put(Parameter(name: name, value: newValue, isQuoted: isQuoted))
    }
  }

  package func has(_ name: String) -> Bool { all.contains { CharacterClass.equal($0.name, name) } }

  /// Puts a flag without value, such as `lr`.
  package mutating func setFlag(_ name: String) { put(Parameter(name: name, value: nil, isQuoted: false)) }

  /// Puts a value in quotes, for grammars that ask for a quoted string.
  package mutating func setQuoted(_ name: String, _ value: String) {
    put(Parameter(name: name, value: value, isQuoted: true))
  }

  mutating func append(_ parameter: Parameter) { all.append(parameter) }

  private mutating func put(_ parameter: Parameter) {
    if let index = all.firstIndex(where: { CharacterClass.equal($0.name, parameter.name) }) {
      all[index] = parameter
    } else {
      all.append(parameter)
    }
  }
}

extension SIPParameters: CustomStringConvertible {
  /// As in a header value, each with its leading semicolon.
  package var description: String {
    var text = ""
    for parameter in all {
      text += ";" + parameter.name
      guard let value = parameter.value else { continue }
      text += "=" + (parameter.isQuoted ? CharacterClass.quoted(value) : value)
    }
    return text
  }
}

extension SIPParameters {
  /// Reads parameters up to the end of a header value; nil if they do not fit the grammar.
  init?(_ scanner: inout TextScanner) {
    scanner.skipSpace()
    while scanner.takeSeparator(UInt8(ascii: ";")) {
      guard let name = scanner.token() else { return nil }
      guard scanner.takeSeparator(UInt8(ascii: "=")) else {
        append(Parameter(name: name, value: nil, isQuoted: false))
        continue
      }
      if scanner.current == UInt8(ascii: "\"") {
        guard let value = scanner.quotedString() else { return nil }
        append(Parameter(name: name, value: value, isQuoted: true))
      } else {
        // Empty values are outside of the grammar, but phones send `;x=`; they come back as they came.
        let value = scanner.take(while: CharacterClass.isParameterValue)
        append(Parameter(name: name, value: value, isQuoted: false))
      }
    }
    scanner.skipSpace()
    guard scanner.isAtEnd else { return nil }
  }
}
