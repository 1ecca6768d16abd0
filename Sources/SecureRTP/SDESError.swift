/// Why a crypto attribute cannot be used: costs that line; another of the same section may serve.
package enum SDESError: Error, Hashable, Sendable {
  /// Not of the form that RFC 4568, section 9.1, gives.
  case malformed
  case unsupportedSuite
  /// The key is not as long as the suite's.
  case keyLength
  /// Packets would carry a master key identifier, which we do not read.
  case masterKeyIdentifier
  /// More than one key.
  case severalKeys
  /// A session parameter that must be understood and is not.
  case sessionParameter
}
