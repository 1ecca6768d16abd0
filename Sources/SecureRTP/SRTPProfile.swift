/// A protection profile: the ciphers, key lengths and tag lengths of one SRTP session; RFC 3711, RFC 7714, RFC 5764,
/// section 4.1.2, and RFC 4568, section 6.2. In the order of our preference: GCM costs half.
package enum SRTPProfile: Hashable, Sendable, CaseIterable {
  case aeadAES128GCM
  case aeadAES256GCM
  case aes128CMSHA1Tag80
  /// Tags of 32 bits on RTP; RTCP keeps 80.
  case aes128CMSHA1Tag32

  /// What DTLS offers unless told otherwise.
  package static let dtlsPreference: [SRTPProfile] = [.aeadAES128GCM, .aes128CMSHA1Tag80]

  /// The value of the `use_srtp` extension's registry.
  package var identifier: UInt16 {
    switch self {
    case .aes128CMSHA1Tag80: 0x0001
    case .aes128CMSHA1Tag32: 0x0002
    case .aeadAES128GCM: 0x0007
    case .aeadAES256GCM: 0x0008
    }
  }

  package init?(identifier: UInt16) {
    guard let profile = SRTPProfile.allCases.first(where: { $0.identifier == identifier }) else { return nil }
    self = profile
  }

  /// The profile's name in the DTLS library.
  package var dtlsName: String {
    switch self {
    case .aeadAES128GCM: "SRTP_AEAD_AES_128_GCM"
    case .aeadAES256GCM: "SRTP_AEAD_AES_256_GCM"
    case .aes128CMSHA1Tag80: "SRTP_AES128_CM_SHA1_80"
    case .aes128CMSHA1Tag32: "SRTP_AES128_CM_SHA1_32"
    }
  }

  /// The crypto suite's name in a session description: RFC 4568, section 6.2, and RFC 7714, section 14.2.
  package var sdesName: String {
    switch self {
    case .aeadAES128GCM: "AEAD_AES_128_GCM"
    case .aeadAES256GCM: "AEAD_AES_256_GCM"
    case .aes128CMSHA1Tag80: "AES_CM_128_HMAC_SHA1_80"
    case .aes128CMSHA1Tag32: "AES_CM_128_HMAC_SHA1_32"
    }
  }

  /// Names of crypto suites are compared as they stand: RFC 4568, section 9.2, makes them case-sensitive.
  package init?(sdesName: some StringProtocol) {
    guard let profile = SRTPProfile.allCases.first(where: { $0.sdesName == sdesName }) else { return nil }
    self = profile
  }

  package var isAEAD: Bool {
    switch self {
    case .aeadAES128GCM, .aeadAES256GCM: true
    case .aes128CMSHA1Tag80, .aes128CMSHA1Tag32: false
    }
  }

  /// Octets of the master key, and of the session keys.
  package var keyCount: Int { self == .aeadAES256GCM ? 32 : 16 }
  /// Octets of the master salt, and of the session salts.
  package var saltCount: Int { isAEAD ? 12 : 14 }

  /// Octets of the tag behind an RTP packet: what protection makes it longer.
  package var rtpTagCount: Int {
    switch self {
    case .aeadAES128GCM, .aeadAES256GCM: 16
    case .aes128CMSHA1Tag80: 10
    case .aes128CMSHA1Tag32: 4
    }
  }

  /// Octets of the tag of an RTCP packet.
  package var rtcpTagCount: Int { isAEAD ? 16 : 10 }
  /// What protection makes an RTCP packet longer: the tag, and the word of the index.
  package var rtcpOverhead: Int { rtcpTagCount + 4 }
}
