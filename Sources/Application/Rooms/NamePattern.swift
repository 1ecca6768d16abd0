/// Matches a user part: literal text in which `*` stands for any characters and `?` for one, as in file names.
///
/// Ranges of numbers are written `3000-3009`.
package struct NamePattern: Sendable, Hashable {
  package let text: String
  private let glob: [Character]
  private let range: ClosedRange<UInt64>?

  package init(_ text: String) {
    self.text = text
    self.glob = Array(text)
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    if parts.count == 2, parts[0].utf8.count == parts[1].utf8.count, parts[0].utf8.count <= 18,
      let low = NamePattern.number(parts[0]), let high = NamePattern.number(parts[1]), low <= high
    {
      range = low...high
    } else {
      range = nil
    }
  }

  package func matches(_ name: String) -> Bool {
    if let range {
      guard name.utf8.count * 2 + 1 == text.utf8.count, let number = NamePattern.number(Substring(name)) else {
        return false
      }
      return range.contains(number)
    }
    return matches(Array(name))
  }

  /// Linear in the name for each `*`: only the last star is ever retried.
  private func matches(_ name: [Character]) -> Bool {
    var at = 0
    var star: (pattern: Int, name: Int)?
    var index = 0
    while at < name.count {
      if index < glob.count, glob[index] == "*" {
        star = (index, at)
        index += 1
      } else if index < glob.count, glob[index] == "?" || glob[index] == name[at] {
        index += 1
        at += 1
      } else if let (pattern, start) = star {
        star = (pattern, start + 1)
        index = pattern + 1
        at = start + 1
      } else {
        return false
      }
    }
    return glob[index...].allSatisfy { $0 == "*" }
  }

  private static func number(_ text: Substring) -> UInt64? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt64(text) : nil
  }

  /// 1 to 64 letters, digits, `-`, `_`, `.`, `+`: safe in URIs, logs and file names.
  package static func isPlainName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count) && !name.hasPrefix(".")
      && name.utf8.allSatisfy {
        switch $0 {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x2E, 0x2B: true
        default: false
        }
      }
  }
}
