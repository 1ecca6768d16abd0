import Codecs

/// Which codecs a room, a trunk or one call speaks of those that the server speaks, and in which order it likes them.
package struct CodecFilter: Hashable, Sendable {
  /// Best first; nil: all, in the server's order.
  package var allowed: [CodecName]?
  package var denied: Set<CodecName>

  package init(allowed: [CodecName]? = nil, denied: Set<CodecName> = []) {
    self.allowed = allowed
    self.denied = denied
  }

  package static let all = CodecFilter()

  package func apply(to formats: [CodecFormat]) -> [CodecFormat] {
    let left = formats.filter { !denied.contains($0.codec) }
    guard let allowed else { return left }
    return allowed.flatMap { name in left.filter { $0.codec == name } }
  }
}
