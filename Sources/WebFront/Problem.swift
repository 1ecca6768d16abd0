import Application
import HTTPTypes
import Hummingbird

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An error as problem detail, RFC 9457.
struct Problem: Error, Codable, HTTPResponseError {
  var type: String
  var title: String
  /// The HTTP status code, repeated in the body as `status`.
  var code: Int
  var detail: String
  /// The member of the request that is wrong.
  var field: String?
  /// The methods of a path that was asked with another one; goes into `Allow` (RFC 9110, section 15.5.6).
  var allowed: [HTTPRequest.Method] = []

  private enum CodingKeys: String, CodingKey {
    case type, title, code = "status", detail, field
  }

  var status: HTTPResponse.Status { HTTPResponse.Status(code: code) }

  init(status: HTTPResponse.Status, title: String, detail: String, field: String? = nil) {
    self.type = "about:blank"
    self.title = title
    self.code = status.code
    self.detail = detail
    self.field = field
  }

  init(_ error: ControlError) {
    let (status, title): (HTTPResponse.Status, String) =
      switch error.kind {
      case .invalid: (.badRequest, "Invalid request")
      case .unauthorized: (.unauthorized, "Not authenticated")
      case .forbidden: (.forbidden, "Not allowed")
      case .notFound: (.notFound, "Not found")
      case .conflict: (.conflict, "Conflict")
      case .tooMany: (.tooManyRequests, "Too many requests")
      case .unavailable: (.serviceUnavailable, "Not available now")
      case .failed: (.internalServerError, "Failed")
      }
    self.init(status: status, title: title, detail: error.detail, field: error.field)
  }

  /// What a peer wrote, fit to be shown: printable ASCII, not long.
  static func harmless(_ text: String) -> String {
    String(text.unicodeScalars.prefix(128).map { (0x20..<0x7F).contains($0.value) ? Character($0) : "?" })
  }

  func response(from request: Request, context: some RequestContext) throws -> Response {
    var response = try JSONBody.response(self, status: status)
    response.headers[.contentType] = "application/problem+json"
    if !allowed.isEmpty { response.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ") }
    if code == 401 { response.headers[.wwwAuthenticate] = "Bearer realm=\"trialogue\"" }
    return response
  }
}
