import Foundation
import Logging
import Primitives
import SIP
import SIPFront
import SwiftASN1
import X509

extension Configuration {
  /// Something listens by TLS.
  var isTLSWanted: Bool { listen.web != nil || listen.sip.contains { $0.transport == .tls } }
}

/// Where the server's certificate and key lie: where the configuration says, or beside the recordings, signed by ourselves.
struct CertificateFiles {
  /// Ours is made anew when less than this is left of it.
  private static let renewal = TimeInterval(30 * 86_400)

  let certificate: String
  let key: String
  /// They are ours to make.
  private let isOwn: Bool
  private let names: [String]
  private let addresses: [IPAddress]

  init(_ configuration: Configuration) {
    let folder = URL(filePath: configuration.recording.directory).deletingLastPathComponent().appending(path: "tls")
    isOwn = configuration.tls.certificate == nil
    certificate = configuration.tls.certificate ?? folder.appending(path: "certificate.pem").path
    key = configuration.tls.key ?? folder.appending(path: "key.pem").path
    let domain = configuration.server.domain
    let domainAddress = IPAddress(domain)
    names = ["localhost"] + (domain == "localhost" || domainAddress != nil ? [] : [domain])
    addresses =
      [.loopbackV4, .loopbackV6] + (domainAddress.map { [$0] } ?? [])
      + (configuration.server.publicAddress.map { [$0] } ?? [])
  }

  /// Reads them; makes them first if they are ours, and not there or soon of no use. Throws `StartFailure`.
  func load(logger: Logger) throws -> TLSIdentity {
    do {
      try makeIfNeeded(logger: logger)
      return try TLSIdentity(certificate: certificate, key: key)
    } catch let problem as TLSProblem {
      throw StartFailure("tls: \(problem)")
    }
  }

  /// Puts what is in the files now into force for new connections, or says why the old stays.
  func renew(_ identity: TLSIdentity, logger: Logger) {
    do {
      try makeIfNeeded(logger: logger)
      try identity.renew(certificate: certificate, key: key)
    } catch {
      logger.error("the certificate is of no use; the one before stays", metadata: ["reason": "\(error)"])
    }
  }

  /// What `doctor` says of the certificate.
  func finding(at now: Date) -> Finding {
    let subject = "certificate"
    guard isOwn == false || FileManager.default.fileExists(atPath: certificate) else {
      return Finding(.ok, subject, "none yet: the first start makes one, signed by itself, in '\(certificate)'")
    }
    let leaf: Certificate
    do {
      _ = try TLSIdentity(certificate: certificate, key: key)
      leaf = try read()
    } catch {
      return Finding(
        .fail, subject, "of no use: \(error)",
        next: isOwn ? "remove it: the next start makes a new one" : "set tls.certificate and tls.key")
    }
    let days = Int((leaf.notValidAfter.timeIntervalSince(now) / 86_400).rounded(.down))
    let state =
      "'\(certificate)'\(isOwn ? ", signed by itself," : "") is valid until \(leaf.notValidAfter.ISO8601Format())"
    if leaf.notValidAfter <= now {
      return Finding(
        isOwn ? .warn : .fail, subject, state + ": over",
        next: isOwn ? "start or HUP makes a new one" : "renew it, then send HUP")
    }
    if leaf.notValidBefore > now {
      return Finding(
        .fail, subject, "'\(certificate)' is not valid before \(leaf.notValidBefore.ISO8601Format())",
        next: "is this machine's clock right?")
    }
    if days < 14, !isOwn {
      return Finding(.warn, subject, "\(state): \(days) days", next: "renew it, then send HUP")
    }
    if isOwn {
      return Finding(
        .ok, subject, state,
        next: "browsers ask before they trust it: set tls.certificate and tls.key to one of your own")
    }
    return Finding(.ok, subject, state)
  }

  private func read() throws -> Certificate {
    let text = String(decoding: FileManager.default.contents(atPath: certificate) ?? Data(), as: UTF8.self)
    // The first is the server's; those of its issuers follow.
    let end = "-----END CERTIFICATE-----"
    guard let range = text.range(of: end) else {
      throw TLSProblem(file: certificate, reason: "no certificate is there")
    }
    return try Certificate(pemEncoded: String(text[..<range.upperBound]))
  }

  private func makeIfNeeded(logger: Logger) throws {
    guard isOwn else { return }
    if FileManager.default.fileExists(atPath: key), let old = try? read(),
      old.notValidAfter.timeIntervalSinceNow > Self.renewal
    {
      return
    }
    let made = try SelfSignedCertificate(names: names, addresses: addresses, at: Date())
    let folder = URL(filePath: key).deletingLastPathComponent()
    do {
      // Nobody else looks into the folder, so that the key is secret from its first moment.
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try Data(made.key.utf8).write(to: URL(filePath: key), options: .atomic)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
      try Data(made.certificate.utf8).write(to: URL(filePath: certificate), options: .atomic)
    } catch {
      throw TLSProblem(file: folder.path, reason: "a certificate could not be written there (\(error))")
    }
    logger.notice("made a certificate, signed by itself", metadata: ["file": "\(certificate)"])
  }
}
