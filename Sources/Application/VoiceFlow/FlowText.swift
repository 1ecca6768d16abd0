/// Text with variables in it: `$order`, `$context.name`; `$$` is a dollar.
package struct FlowText: Hashable, Sendable, CustomStringConvertible {
  private enum Piece: Hashable, Sendable {
    case literal(String)
    case variable(String)
  }

  /// As its author wrote it.
  package let description: String
  private let pieces: [Piece]

  /// Octets of a value at most: longer ones are cut, at a character.
  static let maximumLength = 255

  /// Nil if a `$` has no name behind it.
  package init?(_ text: String) {
    description = text
    var pieces: [Piece] = []
    var literal = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      guard character == "$" else {
        literal.append(character)
        continue
      }
      if rest.first == "$" {
        literal.append("$")
        rest.removeFirst()
        continue
      }
      let name = rest.prefix { FlowText.isNameCharacter($0) || $0 == "." }
      // A dot at the end is the end of a sentence.
      let trimmed = name.last == "." ? name.dropLast() : name
      guard FlowText.isName(trimmed) else { return nil }
      if !literal.isEmpty { pieces.append(.literal(literal)) }
      literal = ""
      pieces.append(.variable(String(trimmed)))
      rest = rest.dropFirst(trimmed.count)
    }
    if !literal.isEmpty { pieces.append(.literal(literal)) }
    self.pieces = pieces
  }

  /// The variables that it wants.
  package var variables: [String] {
    pieces.compactMap { if case .variable(let name) = $0 { name } else { nil } }
  }

  /// With the values put in; a variable that has none is empty.
  package func filled(with values: [String: String]) -> String {
    var text = ""
    for piece in pieces {
      switch piece {
      case .literal(let literal): text += literal
      case .variable(let name): text += values[name] ?? ""
      }
    }
    while text.utf8.count > FlowText.maximumLength { text.removeLast() }
    return text
  }

  /// Letters, digits, `-` and `_` of ASCII, in parts between dots.
  package static func isName(_ text: Substring) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return !text.isEmpty && text.utf8.count <= 64
      && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isNameCharacter) }
  }

  private static func isNameCharacter(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || character == "-" || character == "_")
  }
}
