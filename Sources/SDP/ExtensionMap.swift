/// `a=extmap`: the number of an RTP header extension. RFC 8285, section 5.
package struct ExtensionMap: Hashable, Sendable {
  /// RFC 6464.
  package static let audioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"

  package var id: Int
  package var direction: Direction?
  package var uri: String

  package init(id: Int, direction: Direction? = nil, uri: String) {
    self.id = id
    self.direction = direction
    self.uri = uri
  }

  /// `1/sendonly urn:… attributes`
  package init?(_ value: String) {
    let parts = value.split(separator: " ")
    guard parts.count >= 2 else { return nil }
    let head = parts[0].split(separator: "/", omittingEmptySubsequences: false)
    guard let first = head.first, let id = Int(first), (1...4_095).contains(id) else { return nil }
    self.init(
      id: id, direction: head.count > 1 ? Direction(rawValue: String(head[1])) : nil, uri: String(parts[1]))
  }
}

extension ExtensionMap: CustomStringConvertible {
  package var description: String { "\(id)" + (direction.map { "/\($0.rawValue)" } ?? "") + " \(uri)" }
}
