import Crypto
import SwiftASN1
import X509

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A certificate for one name, signed by itself, and its key, in files of a folder that goes with the last reference.
package final class TestCertificate {
  package let certificate: String
  package let key: String
  private let folder: URL

  package init(name: String) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("trialogue-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    certificate = folder.appendingPathComponent("certificate.pem").path
    key = folder.appendingPathComponent("key.pem").path
    try write(name: name)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Puts another certificate with another key into the files.
  package func write(name: String) throws {
    let secret = Certificate.PrivateKey(P256.Signing.PrivateKey())
    let subject = try DistinguishedName { CommonName(name) }
    let made = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: secret.publicKey,
      notValidBefore: Date().addingTimeInterval(-60), notValidAfter: Date().addingTimeInterval(3_600), issuer: subject,
      subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
      extensions: Certificate.Extensions { SubjectAlternativeNames([.dnsName(name)]) }, issuerPrivateKey: secret)
    try Data(try made.serializeAsPEM().pemString.utf8).write(to: URL(fileURLWithPath: certificate))
    try Data(try secret.serializeAsPEM().pemString.utf8).write(to: URL(fileURLWithPath: key))
  }

  /// Something that is no PEM file.
  package func spoil() throws { try Data("nothing".utf8).write(to: URL(fileURLWithPath: certificate)) }
}
