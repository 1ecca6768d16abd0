import Primitives
import TestSupport
import Testing

@testable import ICE

@Suite struct STUNMessageTests {
  static let transaction = STUNTransactionID(upper: 1, lower: 2)
  static let key = Array("0123456789012345678901".utf8)

  /// A Binding request with attributes as they are given.
  static func raw(_ attributes: [(type: UInt16, value: [UInt8])], type: UInt16 = 1) -> [UInt8] {
    var body = ByteWriter()
    for attribute in attributes {
      body.write(attribute.type)
      body.write(UInt16(attribute.value.count))
      body.write(attribute.value)
      while body.count % 4 != 0 { body.write(0 as UInt8) }
    }
    var message = ByteWriter()
    message.write(type)
    message.write(UInt16(body.count))
    message.write(STUNMessage.cookie)
    message.write(UInt32(1))
    message.write(UInt64(2))
    message.write(body.bytes)
    return message.bytes
  }

  static func failure(_ datagram: [UInt8]) -> STUNError? {
    do throws(STUNError) {
      _ = try STUNMessage.parse(datagram)
      return nil
    } catch { return error }
  }

  @Test(arguments: [UInt16(1), 3, 0x0F, 0x10, 0x7F, 0x80, 0xFF]) func classAndMethodGoThroughTheirScatteredBits(
    method: UInt16
  )
    throws
  {
    for kind in [STUNMessage.Kind.request, .indication, .success, .failure] {
      let datagram = STUNWriter(kind, method: method, transaction: Self.transaction).bytes
      let message = try STUNMessage.parse(datagram)
      #expect(message.kind == kind)
      #expect(message.method == method)
      #expect(message.transaction == Self.transaction)
    }
  }

  @Test func whatDoesNotFitIsRefused() {
    let good = Self.raw([(0x24, [1, 2, 3, 4])])
    #expect(Self.failure(good) == nil)
    for count in 0..<20 { #expect(Self.failure(Array(good.prefix(count))) == .foreign) }
    for count in 20..<good.count { #expect(Self.failure(Array(good.prefix(count))) == .truncated) }
    #expect(Self.failure(good + [0, 0, 0, 0]) == .truncated)
    var other = good
    other[4] = 0x22
    #expect(Self.failure(other) == .foreign)
    other = good
    other[0] = 0x40
    #expect(Self.failure(other) == .foreign)
    other = good
    other[23] = 5
    #expect(Self.failure(other) == .truncated)
    #expect(Self.failure(Self.raw([(0x24, [1, 2, 3])])) == .attribute(0x24))
    #expect(Self.failure(Self.raw([(0x8029, [1, 2, 3, 4])])) == .attribute(0x8029))
    #expect(Self.failure(Self.raw([(0x802A, [])])) == .attribute(0x802A))
    #expect(Self.failure(Self.raw([(0x08, [1])])) == .attribute(0x08))
    #expect(Self.failure(Self.raw([(0x1C, [UInt8](repeating: 0, count: 12))])) == .attribute(0x1C))
    #expect(Self.failure(Self.raw([(0x1C, [UInt8](repeating: 0, count: 36))])) == .attribute(0x1C))
    #expect(Self.failure(Self.raw([(0x20, [0, 3, 0, 0, 0, 0, 0, 0])])) == .attribute(0x20))
    #expect(Self.failure(Self.raw([(0x20, [0, 2, 0, 0, 0, 0, 0, 0])])) == .attribute(0x20))
    #expect(Self.failure(Self.raw([(0x01, [0, 1])])) == .attribute(0x01))
    #expect(Self.failure(Self.raw([(0x09, [0, 0, 2, 1])])) == .attribute(0x09))
    #expect(Self.failure(Self.raw([(0x09, [0, 0, 4, 100])])) == .attribute(0x09))
    #expect(Self.failure(Self.raw([(0x8028, [0, 0, 0, 0])])) == .fingerprint)
  }

  @Test func nothingMayFollowTheFingerprint() {
    var writer = STUNWriter(.request, transaction: Self.transaction)
    writer.finish()
    writer.addUseCandidate()
    #expect(Self.failure(writer.bytes) != nil)
  }

  @Test func attributesHaveACap() {
    let many = [(type: UInt16, value: [UInt8])](repeating: (0x8022, []), count: STUNMessage.maximumAttributes)
    #expect(Self.failure(Self.raw(many)) == nil)
    #expect(Self.failure(Self.raw(many + [(0x8022, [])])) == .tooManyAttributes)
  }

  /// RFC 8489, sections 14.5 and 14.6: an attacker could have added it.
  @Test(arguments: [STUNIntegrity.sha1, .sha256]) func whatStandsBehindTheHashIsNotRead(integrity: STUNIntegrity) throws
  {
    var writer = STUNWriter(.request, transaction: Self.transaction)
    writer.addPriority(7)
    writer.seal(integrity, key: Self.key)
    writer.addUseCandidate()
    writer.add(.username, "late")
    writer.finish()
    let message = try STUNMessage.parse(writer.bytes)
    #expect(message.isAuthentic(writer.bytes, key: Self.key))
    #expect(message.priority == 7)
    #expect(!message.nominates)
    #expect(message.username == nil)
  }

  @Test func withTwoHashesTheStrongerDecides() throws {
    var writer = STUNWriter(.request, transaction: Self.transaction)
    writer.seal(.sha1, key: Self.key)
    writer.seal(.sha256, key: Self.key)
    let message = try STUNMessage.parse(writer.bytes)
    #expect(message.protection == .sha256)
    #expect(message.isAuthentic(writer.bytes, key: Self.key))
    var forged = STUNWriter(.request, transaction: Self.transaction)
    forged.seal(.sha1, key: Self.key)
    forged.seal(.sha256, key: Array("wrong".utf8))
    let other = try STUNMessage.parse(forged.bytes)
    #expect(!other.isAuthentic(forged.bytes, key: Self.key))
  }

  @Test func aShortenedSHA256IsTaken() throws {
    var datagram = STUNWriter(.request, transaction: Self.transaction).bytes
    datagram[3] = 20
    let hash = STUNIntegrity.sha256.hash(datagram, key: Self.key).prefix(16)
    datagram += [0x00, 0x1C, 0, 16] + hash
    let message = try STUNMessage.parse(datagram)
    #expect(message.isAuthentic(datagram, key: Self.key))
    datagram[datagram.count - 1] ^= 1
    #expect(!message.isAuthentic(datagram, key: Self.key))
  }

  @Test func theFirstOfADoubledAttributeCounts() throws {
    let datagram = Self.raw([(0x24, [0, 0, 0, 1]), (0x24, [0, 0, 0, 2]), (0x06, [97]), (0x06, [98])])
    let message = try STUNMessage.parse(datagram)
    #expect(message.priority == 1)
    #expect(message.username == 32 + 8..<32 + 9)
  }

  @Test func unknownAttributesAreNamedIfTheyMustBeUnderstood() throws {
    let datagram = Self.raw([(0x0077, []), (0xC057, [1, 2, 3, 4]), (0x7FFF, [1]), (0x0003, [0, 0, 0, 2])])
    let message = try STUNMessage.parse(datagram)
    #expect(message.unknownCount == 3)
    #expect(message.unknownAttributes(in: datagram, limit: 8) == [0x0077, 0x7FFF, 0x0003])
    #expect(message.unknownAttributes(in: datagram, limit: 2) == [0x0077, 0x7FFF])
  }

  @Test func errorsAndMappedAddressesAreRead() throws {
    var writer = STUNWriter(.failure, transaction: Self.transaction)
    writer.addError(487, "Role Conflict")
    writer.finish()
    #expect(try STUNMessage.parse(writer.bytes).errorCode == 487)
    let plain = try STUNMessage.parse(Self.raw([(0x01, [0, 1, 0x13, 0xC4, 192, 0, 2, 9])]))
    #expect(plain.mappedAddress == TransportAddress("192.0.2.9:5060"))
    var mapped = STUNWriter(.success, transaction: Self.transaction)
    mapped.addXORMappedAddress(TransportAddress(.v6(0, 0xFFFF_C000_0209), port: 5_060))
    #expect(try STUNMessage.parse(mapped.bytes).mappedAddress == TransportAddress("192.0.2.9:5060"))
  }

  @Test func theLocalUfragIsFoundBeforeAnythingElse() throws {
    func key(_ username: String, type: UInt16 = 1) -> UfragKey? {
      STUNMessage.localUfrag(in: Self.raw([(0x8022, [1]), (0x06, Array(username.utf8))], type: type))
    }
    #expect(key("abcd:x") == UfragKey("abcd"))
    #expect(key("ABCD1234:wxyz") == UfragKey("ABCD1234"))
    #expect(key("abcd") == UfragKey("abcd"))
    #expect(key("abc:x") == nil)
    #expect(key("ABCD12345:wxyz") == nil)
    #expect(key("ab d:x") == nil)
    #expect(key("") == nil)
    #expect(key("abcd:x", type: 0x0101) == nil)
    #expect(UfragKey("abcd") != UfragKey("abce"))
    #expect(UfragKey("ab:cd") == nil)
    #expect(STUNMessage.localUfrag(in: Self.raw([(0x24, [0, 0, 0, 1])])) == nil)
  }

  @Test func randomOctetsNeverTrap() {
    var random = RandomSource.seeded(5_769)
    var agent = ICELiteAgent(local: ICECredentials(random: &random), remote: nil, at: .zero)
    let types: [UInt16] = [1, 6, 8, 9, 0xA, 0x1C, 0x20, 0x24, 0x25, 0x8022, 0x8028, 0x8029, 0x802A, 0x77]
    var parsed = 0
    for round in 0..<100_000 {
      var datagram = random.octets(random.below(80))
      if round % 2 == 0, datagram.count >= 24 {
        // Right as far as it takes to come to the attributes.
        datagram.removeLast(datagram.count & 3)
        let length = datagram.count - 20
        datagram.replaceSubrange(0..<8, with: [0, 1, 0, UInt8(length), 0x21, 0x12, 0xA4, 0x42])
        let type = types[random.below(types.count)]
        let count = random.once(in: 2) ? UInt8(length - 4) : random.octet() & 31
        datagram.replaceSubrange(20..<24, with: [UInt8(type >> 8), UInt8(truncatingIfNeeded: type), 0, count])
      }
      if let message = try? STUNMessage.parse(datagram) {
        parsed += 1
        if round % 16 == 0 { #expect(!message.isAuthentic(datagram, key: Self.key)) }
        _ = message.unknownAttributes(in: datagram, limit: 8)
      }
      _ = STUNMessage.localUfrag(in: datagram)
      let actions = agent.receive(
        datagram.span, from: TransportAddress(.loopbackV4, port: 1), over: .udp, at: Instant(nanoseconds: Int64(round)))
      if !actions.isEmpty { Issue.record("an answer to \(datagram)") }
    }
    #expect(parsed > 5_000)
  }

  @Test(.enabled(if: Vectors.isPresent)) func seedsOfOtherFuzzersAreReadOrRefused() throws {
    var parsed = 0
    var refused = 0
    for folder in ["fuzz/pjproject/stun", "fuzz/webrtc-corpora/stun-corpus"] {
      for name in try Vectors.list(folder) {
        let octets = try Vectors.bytes("\(folder)/\(name)")
        for start in [0, 4] where octets.count > start {
          let datagram = Array(octets[start...])
          guard let message = try? STUNMessage.parse(datagram) else {
            refused += 1
            continue
          }
          parsed += 1
          for range in [message.username, message.realm, message.nonce, message.software] {
            #expect(range.map { $0.upperBound <= datagram.count } ?? true)
          }
        }
      }
    }
    #expect(parsed > 15)
    #expect(refused > 15)
  }
}
