import Primitives
import SIP

/// One line of chat as a MESSAGE brings it (RFC 3428): plain text, bounded, without control characters.
struct ChatLine: Hashable, Sendable {
  /// Octets of a line.
  static let limit = 4_096
  static let contentType = "text/plain;charset=utf-8"

  /// Why a request brings none: the answer to it.
  enum Refusal: Error, Hashable, Sendable {
    case tooLarge
    case otherType
    case noText
  }

  let text: Redacted<String>

  init(_ request: SIPRequest) throws(Refusal) {
    guard request.body.count <= Self.limit else { throw .tooLarge }
    let type = request.headers.contentType
    let charset = type?.parameters["charset"]?.lowercased() ?? "utf-8"
    let encoding = request.headers["Content-Encoding"]?.lowercased() ?? "identity"
    // Without a type it is plain text (RFC 3428, section 7).
    guard type != nil || !request.headers.has("Content-Type"), type?.name ?? "text/plain" == "text/plain",
      ["utf-8", "us-ascii"].contains(charset), encoding == "identity"
    else { throw .otherType }
    guard let whole = String(validating: request.body, as: UTF8.self) else { throw .noText }
    var scalars = String.UnicodeScalarView()
    for scalar in whole.unicodeScalars
    where scalar.properties.generalCategory != .control || scalar == "\n" || scalar == "\t" {
      scalars.append(scalar)
    }
    text = Redacted(String(scalars))
  }
}
