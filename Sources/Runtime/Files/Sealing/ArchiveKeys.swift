/// The keys of the archive: the first one seals what is made now, all of them open what was made before.
///
/// As text: one key a line, of 64 hex digits (`openssl rand -hex 32`); empty lines and what follows `#` are left out.
package struct ArchiveKeys: Hashable, Sendable, CustomStringConvertible {
  /// Nothing is sealed, and nothing sealed can be read.
  package static let none = ArchiveKeys()
  /// Keys at the most.
  static let maximum = 64

  private let keys: [ArchiveKey]

  private init() { keys = [] }

  package init(text: String) throws(Flaw) {
    var keys: [ArchiveKey] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let digits = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
      if digits.isEmpty { continue }
      guard let octets = Self.octets(digits), let key = ArchiveKey(octets) else { throw .noKey(line: index + 1) }
      guard !keys.contains(key) else { throw .repeated(line: index + 1) }
      keys.append(key)
    }
    guard !keys.isEmpty else { throw .empty }
    guard keys.count <= Self.maximum else { throw .tooMany }
    self.keys = keys
  }

  /// What is wrong with a text of keys; no digit of them is told.
  package enum Flaw: Error, Hashable, CustomStringConvertible {
    case empty
    case tooMany
    case noKey(line: Int)
    case repeated(line: Int)

    package var description: String {
      switch self {
      case .empty: "holds no key; make one by 'openssl rand -hex 32'"
      case .tooMany: "holds more than \(ArchiveKeys.maximum) keys"
      case .noKey(let line): "line \(line) is no key: 64 hex digits, as 'openssl rand -hex 32' makes them"
      case .repeated(let line): "line \(line) is a key that stands there already"
      }
    }
  }

  /// Their names, for people.
  package var description: String { keys.isEmpty ? "none" : keys.map(\.id).joined(separator: ", ") }

  /// What seals new files; nil: they are not sealed.
  package var newest: ArchiveKey? { keys.first }

  func key(named name: some Collection<UInt8>) -> ArchiveKey? { keys.first { $0.name.elementsEqual(name) } }

  private static func octets(_ digits: String) -> [UInt8]? {
    let values = digits.map(\.hexDigitValue)
    guard values.count % 2 == 0, values.allSatisfy({ $0 != nil }) else { return nil }
    return stride(from: 0, to: values.count, by: 2).map { index in
      UInt8(truncatingIfNeeded: (values[index] ?? 0) << 4 | (values[index + 1] ?? 0))
    }
  }
}
