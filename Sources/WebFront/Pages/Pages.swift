import HTTPTypes
import Hummingbird
import NIOCore

/// The pages and their files: console at `/`, recordings at `/archive`, agent desk at `/desk`, the shop of the demo at
/// `/demo/shop`, `/call-me.js`.
package struct Pages: Sendable {
  /// Address → page.
  static let addresses = [
    "/": "console/index.html", "/archive": "archive/index.html", "/desk": "desk/index.html",
    "/demo/shop": "shop/index.html",
  ]

  /// What a page may do: nothing but load our own files and talk to this server. No script or style stands in a page, and
  /// none is made of text, so that a name or a header which reaches the screen stays text (Trusted Types).
  static let policy = [
    "default-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "object-src 'none'",
    "require-trusted-types-for 'script'", "trusted-types 'none'",
  ].joined(separator: "; ")

  private let library: PageLibrary

  package init(_ library: PageLibrary) { self.library = library }

  package func add<Context: RequestContext>(to router: Router<Context>) {
    for (address, name) in Self.addresses {
      if let file = library.files[name] { add(file, at: address, isShared: false, to: router) }
    }
    for (name, file) in library.files where !name.hasSuffix(".html") {
      add(file, at: "/" + name, isShared: Self.isShared(name), to: router)
    }
  }

  /// What pages of other servers load: the button, and the modules that it is made of.
  static func isShared(_ name: String) -> Bool {
    name == "call-me.js" || name.hasPrefix("call/") || name.hasPrefix("video/")
  }

  private func add<Context: RequestContext>(
    _ file: PageFile, at address: String, isShared: Bool, to router: Router<Context>
  ) {
    let headers = Self.headers(of: file, isShared: isShared)
    router.get(RouterPath(address)) { request, _ in
      if Self.matches(request.headers[.ifNoneMatch], file.tag) {
        return Response(status: .notModified, headers: headers)
      }
      return Response(
        status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.octets)))
    }
  }

  static func headers(of file: PageFile, isShared: Bool) -> HTTPFields {
    var headers: HTTPFields = [
      .contentType: file.type, .eTag: file.tag, .cacheControl: "no-cache", .contentSecurityPolicy: policy,
      .xContentTypeOptions: "nosniff",
    ]
    let more = [
      ("Referrer-Policy", "same-origin"), ("Permissions-Policy", "microphone=(self), camera=(self), geolocation=()"),
      ("Cross-Origin-Opener-Policy", "same-origin"),
      ("Cross-Origin-Resource-Policy", isShared ? "cross-origin" : "same-origin"),
    ]
    for (name, value) in more {
      if let name = HTTPField.Name(name) { headers[name] = value }
    }
    // A module is loaded by the rules of CORS, from whichever shop.
    if isShared { headers[.accessControlAllowOrigin] = "*" }
    return headers
  }

  /// Weak comparison with each tag of `If-None-Match` (RFC 9110, section 13.1.2).
  static func matches(_ given: String?, _ tag: String) -> Bool {
    guard let given else { return false }
    return given.split(separator: ",").contains { part in
      let text = part.drop { $0 == " " }
      let bare = text.hasPrefix("W/") ? text.dropFirst(2) : text
      return bare.prefix { $0 != " " } == tag || text == "*"
    }
  }
}
