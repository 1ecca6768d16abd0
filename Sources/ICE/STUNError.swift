/// Why a datagram is no STUN message that can be used: costs that datagram, nothing else.
package enum STUNError: Error, Hashable, Sendable, Codable {
  /// Another protocol, or STUN of RFC 3489, which had no magic cookie.
  case foreign
  /// The length field, or an attribute's, does not fit the datagram.
  case truncated
  /// An attribute of this type has a value that it cannot have, or stands where it must not.
  case attribute(UInt16)
  /// More than `STUNMessage.maximumAttributes`.
  case tooManyAttributes
  /// FINGERPRINT is there and wrong: damaged, or not STUN.
  case fingerprint
}
