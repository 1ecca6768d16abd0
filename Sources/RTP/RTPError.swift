/// Why a datagram is no RTP packet: costs that packet, nothing else.
package enum RTPError: Error, Hashable, Sendable, Codable {
  /// Shorter than its own fixed header, contributor list, extension or padding says.
  case truncated
  /// The version is not 2.
  case version
  /// The last octet counts more padding than there is payload, or none.
  case padding
}
