/// Why a request and a response make no dialog; costs one call.
package enum DialogError: Error, Hashable, Sendable {
  /// A field that RFC 3261, section 12.1, builds on is missing or cannot be read.
  case missing(header: String)
  /// The response is 100, or no dialog comes from its method or status.
  case noDialog
}
