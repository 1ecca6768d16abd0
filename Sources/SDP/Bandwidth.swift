/// A `b=` line such as `AS:64`: RFC 8866, section 5.8.
package struct Bandwidth: Hashable, Sendable {
  package var type: String
  /// Kilobits a second for `AS` and `CT`, bits a second for `TIAS` (RFC 3890), as written.
  package var value: String

  package init(type: String, value: String) {
    self.type = type
    self.value = value
  }

  init?(parsing text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    self.init(type: String(parts[0]), value: String(parts[1]))
  }
}

extension Bandwidth: CustomStringConvertible {
  package var description: String { "\(type):\(value)" }
}
