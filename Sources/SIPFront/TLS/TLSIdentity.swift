import NIOCore
import NIOSSL
import Synchronization

/// The server's certificate and key, which connections by TLS 1.2 or later are accepted with. It may be renewed at any time:
/// connections that are there keep what they began with.
package final class TLSIdentity: Sendable {
  private let context: Mutex<NIOSSLContext>

  /// Two PEM files: the certificate with those of its issuers after it, and its key.
  package init(certificate: String, key: String) throws(TLSProblem) {
    context = Mutex(try TLSIdentity.read(certificate: certificate, key: key))
  }

  /// Reads the files again, or others. If they are of no use the old ones stay in force.
  package func renew(certificate: String, key: String) throws(TLSProblem) {
    let fresh = try TLSIdentity.read(certificate: certificate, key: key)
    context.withLock { $0 = fresh }
  }

  /// The server's end of TLS for a new connection.
  package func makeHandler() -> NIOSSLServerHandler { NIOSSLServerHandler(context: context.withLock { $0 }) }

  private static func read(certificate: String, key: String) throws(TLSProblem) -> NIOSSLContext {
    let chain: [NIOSSLCertificate]
    do { chain = try NIOSSLCertificate.fromPEMFile(certificate) } catch {
      throw TLSProblem(file: certificate, reason: "no certificate could be read there (\(error))")
    }
    guard !chain.isEmpty else { throw TLSProblem(file: certificate, reason: "no certificate is there") }
    let secret: NIOSSLPrivateKey
    do { secret = try NIOSSLPrivateKey(file: key, format: .pem) } catch {
      throw TLSProblem(file: key, reason: "no key could be read there (\(error))")
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(secret))
    configuration.minimumTLSVersion = .tlsv12
    // Who does not say good-bye in time is closed without.
    configuration.shutdownTimeout = .seconds(1)
    do { return try NIOSSLContext(configuration: configuration) } catch {
      throw TLSProblem(file: key, reason: "it is not the key of the certificate in '\(certificate)' (\(error))")
    }
  }
}
