import Primitives
import TestSupport
import Testing

@testable import ICE

/// The messages of RFC 5769, read and made again octet by octet.
@Suite(.enabled(if: Vectors.isPresent)) struct STUNVectorTests {
  static let password = Array("VOkJxbRl1RmTxUk/WvJxBt".utf8)
  static let transaction = STUNTransactionID(upper: 0xB7E7_A701, lower: 0xBC34_D686_FA87_DFAE)

  static func text(_ range: Range<Int>?, of datagram: [UInt8]) -> String? {
    range.map { String(decoding: datagram[$0], as: UTF8.self) }
  }

  @Test func theRequestIsRead() throws {
    let datagram = try Vectors.bytes("stun/rfc5769/sample-request.bin")
    let message = try STUNMessage.parse(datagram)
    #expect(message.kind == .request)
    #expect(message.method == STUNMessage.binding)
    #expect(message.transaction == Self.transaction)
    #expect(Self.text(message.software, of: datagram) == "STUN test client")
    #expect(Self.text(message.username, of: datagram) == "evtj:h6vY")
    #expect(message.priority == 1_845_494_271)
    #expect(message.role == .controlled(tieBreaker: 0x932F_F9B1_5126_3B36))
    #expect(message.hasFingerprint)
    #expect(message.unknownCount == 0)
    #expect(message.isAuthentic(datagram, key: Self.password))
    #expect(!message.isAuthentic(datagram, key: Array("VOkJxbRl1RmTxUk/WvJxBT".utf8)))
    #expect(STUNMessage.localUfrag(in: datagram) == UfragKey("evtj"))
  }

  @Test func theRequestIsMadeTheSame() throws {
    var writer = STUNWriter(.request, transaction: Self.transaction)
    writer.padding = 0x20
    writer.add(.software, "STUN test client")
    writer.addPriority(1_845_494_271)
    writer.add(.controlled(tieBreaker: 0x932F_F9B1_5126_3B36))
    writer.add(.username, "evtj:h6vY")
    writer.seal(key: Self.password)
    writer.finish()
    #expect(try writer.bytes == Vectors.bytes("stun/rfc5769/sample-request.bin"))
  }

  @Test(arguments: [
    ("ipv4", "192.0.2.1:32853"), ("ipv6", "[2001:db8:1234:5678:11:2233:4455:6677]:32853"),
  ]) func responsesAreReadAndMadeTheSame(name: String, mapped: String) throws {
    let datagram = try Vectors.bytes("stun/rfc5769/sample-\(name)-response.bin")
    let address = try #require(TransportAddress(mapped))
    let message = try STUNMessage.parse(datagram)
    #expect(message.kind == .success)
    #expect(message.transaction == Self.transaction)
    #expect(message.mappedAddress == address)
    #expect(message.isAuthentic(datagram, key: Self.password))
    var writer = STUNWriter(.success, transaction: Self.transaction)
    writer.padding = 0x20
    writer.add(.software, "test vector")
    writer.addXORMappedAddress(address)
    writer.seal(key: Self.password)
    writer.finish()
    #expect(writer.bytes == datagram)
  }

  @Test func longTermCredentialsAreReadAndMadeTheSame() throws {
    let datagram = try Vectors.bytes("stun/rfc5769/sample-request-long-term-auth.bin")
    let message = try STUNMessage.parse(datagram)
    let username = "\u{30DE}\u{30C8}\u{30EA}\u{30C3}\u{30AF}\u{30B9}"
    #expect(Self.text(message.username, of: datagram) == username)
    #expect(Self.text(message.realm, of: datagram) == "example.org")
    let nonce = try #require(Self.text(message.nonce, of: datagram))
    let key = STUNIntegrity.longTermKey(username: username, realm: "example.org", password: "TheMatrIX")
    #expect(message.isAuthentic(datagram, key: key))
    #expect(!message.hasFingerprint)
    var writer = STUNWriter(.request, transaction: message.transaction)
    writer.add(.username, username)
    writer.add(.nonce, nonce)
    writer.add(.realm, "example.org")
    writer.seal(key: key)
    #expect(writer.bytes == datagram)
  }

  /// No bit of a protected message can change unnoticed, those of the padding included.
  @Test func everyFlippedBitIsNoticed() throws {
    let datagram = try Vectors.bytes("stun/rfc5769/sample-request.bin")
    for bit in 0..<(datagram.count * 8) {
      var damaged = datagram
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      guard let message = try? STUNMessage.parse(damaged) else { continue }
      // Only without FINGERPRINT, which then was an attribute of another type behind the hash.
      #expect(!message.hasFingerprint)
      #expect(bit / 8 >= datagram.count - 8 || !message.isAuthentic(damaged, key: Self.password))
    }
  }
}
