import TestSupport
import Testing

@testable import SecureRTP

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The RFCs' own examples, and packets that another implementation made.
@Suite(.enabled(if: Vectors.isPresent, "the vectors are missing"))
struct SRTPVectorTests {
  struct Packets: Decodable {
    struct RTP: Decodable { var roc: UInt32, rtp: String, srtp: String }
    struct RTCP: Decodable { var index: UInt64, rtcp: String, srtcp: String }
    var masterKeyAndSalt: String
    var rtp: [RTP]
    var rtcp: [RTCP]
  }
  struct RFC3711: Decodable {
    struct KeyStream: Decodable { var sessionKey: String, sessionSaltShifted: String, blocks: [String: String] }
    struct Derivation: Decodable {
      var masterKey: String, masterSalt: String, cipherKey: String, cipherSalt: String, authKey94: String
    }
    var aesCmKeystream: KeyStream
    var keyDerivation: Derivation
  }
  struct RFC7714: Decodable {
    struct Example: Decodable { var key: String, salt: String, index: UInt64?, packet: String, result: String }
    var srtpEncrypt: Example
    var srtpTagOnly: Example
    var srtcpEncrypt: Example
    var srtcpTagOnly: Example
  }

  static func read<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(try Vectors.bytes("srtp/\(name)")))
  }

  @Test func keyStreamOfCounterModeIsThatOfRFC3711() throws {
    let vector = try Self.read(RFC3711.self, "rfc3711.json").aesCmKeystream
    let cipher = try AESCounter(key: Hex.octets(vector.sessionKey))
    let salt = SRTPNonce(Array(Hex.octets(vector.sessionSaltShifted).prefix(14)))
    var stream = [UInt8](repeating: 0, count: 65_282 * 16)
    var span = stream.mutableSpan
    try cipher.apply(to: &span, from: 0, to: 65_282 * 16, nonce: salt.counterMode(ssrc: 0, index: 0))
    #expect(vector.blocks.count == 6)
    for (block, octets) in vector.blocks {
      let start = try #require(Int(block)) * 16
      #expect(Array(stream[start..<start + 16]) == Hex.octets(octets), "block \(block)")
    }
  }

  @Test func sessionKeysAreThoseOfRFC3711() throws {
    let vector = try Self.read(RFC3711.self, "rfc3711.json").keyDerivation
    let keys = try #require(
      SRTPKeys(
        profile: .aes128CMSHA1Tag80, key: Hex.octets(vector.masterKey), salt: Hex.octets(vector.masterSalt)))
    let derivation = try SRTPKeyDerivation(keys)
    #expect(try derivation.key(.rtpKey, count: 16) == Hex.octets(vector.cipherKey))
    #expect(try derivation.key(.rtpSalt, count: 14) == Hex.octets(vector.cipherSalt))
    #expect(try derivation.key(.rtpAuthentication, count: 94) == Hex.octets(vector.authKey94))
  }

  @Test func packetsOfGaloisModeAreThoseOfRFC7714() throws {
    let vectors = try Self.read(RFC7714.self, "rfc7714-aes128gcm.json")
    for (example, isEncrypted) in [(vectors.srtpEncrypt, true), (vectors.srtpTagOnly, false)] {
      let transform = try GaloisTransform(key: Hex.octets(example.key), salt: Hex.octets(example.salt))
      let plain = Hex.octets(example.packet)
      let sequence = UInt64(plain[2]) << 8 | UInt64(plain[3])
      let place = SRTPPlace(
        ssrc: BigEndian.uint32(plain.span, 8), index: sequence, header: isEncrypted ? 12 : plain.count,
        count: plain.count)
      var packet = plain + [UInt8](repeating: 0, count: 16)
      var span = packet.mutableSpan
      try transform.seal(rtp: &span, place)
      #expect(packet == Hex.octets(example.result))
      var back = packet.mutableSpan
      try transform.open(rtp: &back, place)
      #expect(packet.starts(with: plain))
    }
    for (example, isEncrypted) in [(vectors.srtcpEncrypt, true), (vectors.srtcpTagOnly, false)] {
      let transform = try GaloisTransform(key: Hex.octets(example.key), salt: Hex.octets(example.salt))
      let plain = Hex.octets(example.packet)
      let index = try #require(example.index)
      let word = UInt32(index) | (isEncrypted ? SRTPTransform.encryptedBit : 0)
      let place = SRTPPlace(
        ssrc: BigEndian.uint32(plain.span, 4), index: index, header: isEncrypted ? 8 : plain.count, count: plain.count)
      var packet = plain + [UInt8](repeating: 0, count: 20)
      var span = packet.mutableSpan
      try transform.seal(rtcp: &span, place, word: word)
      #expect(packet == Hex.octets(example.result))
      var back = packet.mutableSpan
      try transform.open(rtcp: &back, place, word: word)
      #expect(packet.starts(with: plain))
    }
  }

  @Test(arguments: SRTPProfile.allCases)
  func packetsOfAnotherImplementationAreTheSameBothWays(profile: SRTPProfile) throws {
    let all = try Self.read([String: Packets].self, "libsrtp-packets.json")
    let name = profile.isAEAD ? profile.dtlsName : "SRTP_AES128_CM_HMAC_SHA1_" + profile.sdesName.suffix(2)
    let vector = try #require(all[name])
    let keys = try #require(SRTPKeys(profile: profile, keyAndSalt: Hex.octets(vector.masterKeyAndSalt)))
    var sender = try SRTPContext(profile: profile, keys: keys, direction: .outgoing)
    var receiver = try SRTPContext(profile: profile, keys: keys, direction: .incoming)
    #expect(vector.rtp.contains { $0.roc == 1 })
    for packet in vector.rtp {
      let plain = Hex.octets(packet.rtp)
      let sealed = Hex.octets(packet.srtp)
      #expect(try sender.protected(plain) == sealed)
      #expect(try receiver.unprotected(sealed) == plain)
      #expect(receiver.sources.first?.rtp.highest.map { UInt32($0 >> 16) } == packet.roc)
    }
    // That implementation counts from 1, the RFC from 0.
    let first = Hex.octets(try #require(vector.rtcp.first).rtcp)
    _ = try sender.protectedRTCP(first)
    for packet in vector.rtcp {
      #expect(try sender.protectedRTCP(Hex.octets(packet.rtcp)) == Hex.octets(packet.srtcp))
      #expect(try receiver.unprotectedRTCP(Hex.octets(packet.srtcp)) == Hex.octets(packet.rtcp))
    }
  }
}
