import Application
import HTTPTypes
import NIOHTTP1
import Primitives

/// Who may open a WebSocket for SIP: RFC 6455, section 4.2, and RFC 7118, section 4.
package struct UpgradeRules: Sendable {
  /// Octets of the request's header.
  static let headerLimit = 16_384
  /// Octets of a frame: as many as a message may have.
  static let frameLimit = 1 << 16

  /// Why there is no upgrade.
  enum Refusal: Hashable, Sendable {
    case crowded
    case noUpgrade
    case version
    case malformed(String)
    case subprotocol
    case origin(String)

    var problem: Problem {
      switch self {
      case .crowded:
        Problem(status: .serviceUnavailable, title: "Too many connections", detail: "Close others, or try again later")
      case .noUpgrade:
        Problem(
          status: .upgradeRequired, title: "WebSocket wanted", detail: "SIP over WebSocket is spoken here (RFC 7118)")
      case .version:
        Problem(status: .upgradeRequired, title: "Unknown version", detail: "WebSocket version 13 is spoken here")
      case .malformed(let what):
        Problem(status: .badRequest, title: "Malformed upgrade", detail: what)
      case .subprotocol:
        Problem(
          status: .badRequest, title: "No sub-protocol that is spoken here", detail: "Offer the sub-protocol 'sip'")
      case .origin(let origin):
        Problem(
          status: .forbidden, title: "Pages from there may not call",
          detail: "If they shall, add '\(origin)' to web.origins")
      }
    }
  }

  private let origins: OriginList
  /// Names of ours, beside addresses and `localhost`, that may stand in a Host without TLS.
  private let names: Set<String>

  package init(origins: OriginList, names: [String]) {
    self.origins = origins
    self.names = Set((names + ["localhost"]).map { $0.lowercased() })
  }

  /// Nil if the request for `/sip` is upgraded.
  func refusal(of head: HTTPRequestHead, isSecure: Bool) -> Refusal? {
    let headers = head.headers
    guard headers[canonicalForm: "Upgrade"].contains(where: { $0.lowercased() == "websocket" }) else {
      return .noUpgrade
    }
    guard headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "upgrade" }) else {
      return .malformed("Connection lacks 'Upgrade'")
    }
    guard head.version == .http1_1 else { return .malformed("HTTP/1.1 is wanted") }
    guard headers["Sec-WebSocket-Version"] == ["13"] else { return .version }
    let keys = headers["Sec-WebSocket-Key"]
    // 16 octets in base64.
    guard keys.count == 1, let key = keys.first, key.utf8.count == 24, key.hasSuffix("==") else {
      return .malformed("Sec-WebSocket-Key is wanted, once, with 16 octets in base64")
    }
    guard headers["Host"].count == 1, let host = headers["Host"].first else {
      return .malformed("Host is wanted, once")
    }
    let given = headers["Origin"]
    guard given.count <= 1 else { return .malformed("Several Origin") }
    // What is no browser sends none.
    if let origin = given.first, !isAllowed(origin.lowercased(), host: host.lowercased(), isSecure: isSecure) {
      return .origin(Problem.harmless(origin))
    }
    guard headers[canonicalForm: "Sec-WebSocket-Protocol"].contains("sip") else { return .subprotocol }
    return nil
  }

  /// The page that asks for an upgrade which is not refused; nil if no browser asks.
  func origin(of head: HTTPRequestHead, isSecure: Bool) -> PageOrigin? {
    guard let text = head.headers["Origin"].first, let host = head.headers["Host"].first else { return nil }
    return PageOrigin(text, isOurs: isOurs(text.lowercased(), host: host.lowercased(), isSecure: isSecure))
  }

  /// A page of ours, or of those that are listed. Without TLS a name in Host proves nothing (whoever made the page can have
  /// its name point here), so it must be one of ours.
  private func isAllowed(_ origin: String, host: String, isSecure: Bool) -> Bool {
    origins.contains(origin) || isOurs(origin, host: host, isSecure: isSecure)
  }

  private func isOurs(_ origin: String, host: String, isSecure: Bool) -> Bool {
    guard origin == (isSecure ? "https://" : "http://") + host else { return false }
    let name = Access.host(host)
    return isSecure || names.contains(name) || IPAddress(name) != nil
  }
}
