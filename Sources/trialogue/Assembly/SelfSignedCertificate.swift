import Crypto
import Foundation
import Primitives
import SwiftASN1
import X509

/// A certificate for a first start: P-256, signed by itself, good for the names and addresses that it is asked for by.
struct SelfSignedCertificate {
  /// As browsers allow for at most.
  private static let lifetime = TimeInterval(397 * 86_400)

  /// PEM texts.
  let certificate: String
  let key: String

  init(names: [String], addresses: [IPAddress], at now: Date) throws {
    let secret = Certificate.PrivateKey(P256.Signing.PrivateKey())
    let name = try DistinguishedName { CommonName(names.first ?? "localhost") }
    let alternatives =
      names.map { GeneralName.dnsName($0) }
      + addresses.map { GeneralName.ipAddress(ASN1OctetString(contentBytes: ArraySlice(Self.octets(of: $0)))) }
    let made = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: secret.publicKey,
      // Clocks of clients differ.
      notValidBefore: now.addingTimeInterval(-3_600), notValidAfter: now.addingTimeInterval(Self.lifetime),
      issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
      extensions: Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        Critical(KeyUsage(digitalSignature: true))
        try ExtendedKeyUsage([.serverAuth])
        SubjectAlternativeNames(alternatives)
      },
      issuerPrivateKey: secret)
    certificate = try made.serializeAsPEM().pemString
    key = try secret.serializeAsPEM().pemString
  }

  /// In network order, as RFC 5280, section 4.2.1.6, wants them.
  private static func octets(of address: IPAddress) -> [UInt8] {
    func split(_ value: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
      stride(from: value.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }
    return switch address {
    case .v4(let bits): split(bits)
    case .v6(let upper, let lower): split(upper) + split(lower)
    }
  }
}
