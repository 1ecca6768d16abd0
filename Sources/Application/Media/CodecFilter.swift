import Codecs

/// Which codecs a room, a trunk or one call speaks of those that the server speaks, and in which order it likes them.
package struct CodecFilter: Hashable, Sendable {
  /// Best first; nil: all, in the server's order.
  package var allowed: [CodecName]?
  package var denied: Set<CodecName>
  /// How the devices there pack G.726 under the names of RFC 3551, if not as it says.
  package var g726Packing: G726Packing?

  package init(allowed: [CodecName]? = nil, denied: Set<CodecName> = [], g726Packing: G726Packing? = nil) {
    self.allowed = allowed
    self.denied = denied
    self.g726Packing = g726Packing
  }

  package static let all = CodecFilter()

  package func apply(to formats: [CodecFormat]) -> [CodecFormat] {
    let left = formats.filter { !denied.contains($0.codec) }
    guard let allowed else { return left }
    return allowed.flatMap { name in left.filter { $0.codec == name } }
  }
}
