import Primitives
import SIP

/// A peer that calls go out through.
package struct Trunk: Hashable, Sendable {
  package var name: String
  /// Host of the URIs that go to it; URIs of our own domain are rewritten to it.
  package var host: SIPHost
  package var port: UInt16?
  package var transport: SIPTransport?
  /// Where it is, if not to be looked up.
  package var destination: SIPDestination?
  /// The realm whose challenges we answer; no other one ever gets our credentials.
  package var realm: String?
  package var username: String?
  package var password: Redacted<String>?
  /// What it speaks.
  package var codecs: CodecFilter

  package init(
    name: String, host: SIPHost, port: UInt16? = nil, transport: SIPTransport? = nil,
    destination: SIPDestination? = nil, realm: String? = nil, username: String? = nil,
    password: Redacted<String>? = nil, codecs: CodecFilter = .all
  ) {
    self.name = name
    self.host = host
    self.port = port
    self.transport = transport
    self.destination = destination
    self.realm = realm
    self.username = username
    self.password = password
    self.codecs = codecs
  }
}
