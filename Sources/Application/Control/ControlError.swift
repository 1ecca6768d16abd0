/// Why a control request was refused: becomes a problem detail (RFC 9457), an XML-RPC fault or a line of the CLI.
package struct ControlError: Error, Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case invalid, unauthorized, forbidden, notFound, conflict, tooMany, unavailable, failed
  }
  package var kind: Kind
  /// A sentence that says what, where and what to do.
  package var detail: String
  /// The member of the request that is wrong, if one is.
  package var field: String?

  package init(_ kind: Kind, _ detail: String, field: String? = nil) {
    self.kind = kind
    self.detail = detail
    self.field = field
  }
}
