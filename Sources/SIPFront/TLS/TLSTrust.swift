import NIOSSL

/// What a server must prove before we speak SIP with it over TLS: RFC 5922, section 7.
package enum TLSTrust: Hashable, Sendable {
  /// Its name or address, by a certificate that the machine's authorities vouch for.
  case system
  /// The same, by the certificates in a PEM file alone.
  case authorities(String)
  /// Nothing.
  case anybody

  /// For all connections of ours: it holds the authorities, and reading those takes its time.
  func makeContext() throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    switch self {
    case .system: break
    case .authorities(let file): configuration.trustRoots = .file(file)
    case .anybody: configuration.certificateVerification = .none
    }
    return try NIOSSLContext(configuration: configuration)
  }
}
