/// `a=extmap`: the number of an RTP header extension. RFC 8285, section 5.
package struct ExtensionMap: Hashable, Sendable {
  /// RFC 6464.
  package static let audioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
  /// RFC 9143.
  package static let mid = "urn:ietf:params:rtp-hdrext:sdes:mid"
  /// RFC 8852.
  package static let rid = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
  package static let repairedRID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
  package static let absoluteSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
  /// draft-holmer-rmcat-transport-wide-cc-extensions-01.
  package static let transportSequence =
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

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
