import Primitives

/// A STUN message, read in place without an allocation: RFC 8489, sections 5 and 14.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |0 0|  method and class         |         Message Length        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                  Magic Cookie = 0x2112A442                    |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                     Transaction ID (96 bits)                  |
/// |                             ....                              |
/// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
/// |         Attribute type        |       Length of the value     |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |        Value, padded to a multiple of 4 octets       ....     |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// Of an attribute that comes twice the first counts; what stands behind MESSAGE-INTEGRITY is not protected by it, and
/// not read.
package struct STUNMessage: Hashable, Sendable {
  /// Octets of the header.
  package static let headerSize = 20
  package static let cookie: UInt32 = 0x2112_A442
  /// The one method that we serve.
  package static let binding: UInt16 = 1
  package static let maximumAttributes = 64

  /// The class of a message.
  package enum Kind: UInt16, Hashable, Sendable, Codable {
    case request = 0
    case indication = 1
    case success = 2
    case failure = 3
  }

  package var kind: Kind
  package var method: UInt16
  package var transaction: STUNTransactionID
  /// Places of values in the datagram.
  package var username: Range<Int>?
  package var realm: Range<Int>?
  package var nonce: Range<Int>?
  package var software: Range<Int>?
  package var priority: UInt32?
  /// USE-CANDIDATE is there.
  package var nominates = false
  package var role: ICERole?
  package var xorMappedAddress: TransportAddress?
  /// MAPPED-ADDRESS, of servers from before RFC 5389.
  package var plainMappedAddress: TransportAddress?
  /// 300 to 699, of ERROR-CODE.
  package var errorCode: Int?
  /// Attributes that must be understood and are not; `unknownAttributes(in:)` names them.
  package var unknownCount = 0
  /// FINGERPRINT is there, and right.
  package var hasFingerprint = false
  /// Where the attributes begin whose hash `isAuthentic` checks.
  var integrity: Int?
  var integritySHA256: Int?

  /// How the sender of a response saw us.
  package var mappedAddress: TransportAddress? { xorMappedAddress ?? plainMappedAddress }

  /// Reads a whole datagram, or a whole frame of a stream.
  package static func parse(_ datagram: Span<UInt8>) throws(STUNError) -> STUNMessage {
    let count = datagram.count
    // The first octet of STUN is 0 to 3 where DTLS and RTP share the port (RFC 7983, section 7): methods up to 0xFF.
    guard count >= headerSize, datagram[0] < 4, read32(datagram, 4) == cookie else { throw .foreign }
    guard Int(read16(datagram, 2)) == count &- headerSize, count & 3 == 0 else { throw .truncated }
    let type = read16(datagram, 0)
    let bits = (type >> 7 & 2) | (type >> 4 & 1)
    var message = STUNMessage(
      kind: Kind(rawValue: bits) ?? .request,
      method: (type & 0xF) | (type >> 1 & 0x70) | (type >> 2 & 0xF80),
      transaction: STUNTransactionID(upper: read32(datagram, 8), lower: read64(datagram, 12)))
    var offset = headerSize
    var attributes = 0
    while offset < count {
      attributes &+= 1
      guard attributes <= maximumAttributes else { throw .tooManyAttributes }
      guard let next = attributeEnd(datagram, at: offset) else { throw .truncated }
      try message.take(datagram, at: offset)
      offset = next
    }
    return message
  }

  /// Where the attribute at `offset` ends with its padding; nil if that is outside.
  static func attributeEnd(_ datagram: Span<UInt8>, at offset: Int) -> Int? {
    guard offset &+ 4 <= datagram.count else { return nil }
    let end = offset &+ 4 &+ (Int(read16(datagram, offset &+ 2)) &+ 3) & ~3
    return end <= datagram.count ? end : nil
  }

  private mutating func take(_ datagram: Span<UInt8>, at offset: Int) throws(STUNError) {
    let type = Self.read16(datagram, offset)
    let value = offset &+ 4
    let count = Int(Self.read16(datagram, offset &+ 2))
    // RFC 8489, section 14.7: FINGERPRINT is the last.
    if hasFingerprint { throw .attribute(type) }
    if type == STUNAttribute.fingerprint.rawValue {
      guard count == 4 else { throw .attribute(type) }
      let checksum = CRC32.checksum(datagram, count: offset) ^ STUNMessage.fingerprintMask
      guard checksum == Self.read32(datagram, value) else { throw .fingerprint }
      hasFingerprint = true
      return
    }
    if integritySHA256 != nil { return }
    if type == STUNAttribute.messageIntegritySHA256.rawValue {
      guard (16...32).contains(count), count & 3 == 0 else { throw .attribute(type) }
      integritySHA256 = offset
      return
    }
    if integrity != nil { return }
    guard let attribute = STUNAttribute(rawValue: type) else {
      if STUNAttribute.mustBeUnderstood(type) { unknownCount &+= 1 }
      return
    }
    try take(attribute, datagram, value..<(value &+ count))
  }

  private mutating func take(
    _ attribute: STUNAttribute, _ datagram: Span<UInt8>, _ value: Range<Int>
  ) throws(STUNError) {
    let start = value.lowerBound
    func expect(_ condition: Bool) throws(STUNError) { if !condition { throw .attribute(attribute.rawValue) } }
    switch attribute {
    case .username: username = username ?? value
    case .realm: realm = realm ?? value
    case .nonce: nonce = nonce ?? value
    case .software: software = software ?? value
    case .messageIntegrity:
      try expect(value.count == 20)
      integrity = start &- 4
    case .priority:
      try expect(value.count == 4)
      priority = priority ?? Self.read32(datagram, start)
    case .useCandidate: nominates = true
    case .iceControlled:
      try expect(value.count == 8)
      role = role ?? .controlled(tieBreaker: Self.read64(datagram, start))
    case .iceControlling:
      try expect(value.count == 8)
      role = role ?? .controlling(tieBreaker: Self.read64(datagram, start))
    case .xorMappedAddress:
      let address = address(datagram, value, isXOR: true)
      try expect(address != nil)
      xorMappedAddress = xorMappedAddress ?? address
    case .mappedAddress:
      let address = address(datagram, value, isXOR: false)
      try expect(address != nil)
      plainMappedAddress = plainMappedAddress ?? address
    case .errorCode:
      try expect(value.count >= 4)
      let hundreds = Int(datagram[start &+ 2] & 7)
      let rest = Int(datagram[start &+ 3])
      try expect((3...6).contains(hundreds) && rest < 100)
      errorCode = errorCode ?? hundreds &* 100 &+ rest
    case .unknownAttributes, .passwordAlgorithm, .userHash: break
    // Handled before.
    case .messageIntegritySHA256, .fingerprint: break
    }
  }

  /// The address of the attribute's value: RFC 8489, sections 14.1 and 14.2.
  private func address(_ datagram: Span<UInt8>, _ value: Range<Int>, isXOR: Bool) -> TransportAddress? {
    let start = value.lowerBound
    guard value.count >= 8 else { return nil }
    let port = Self.read16(datagram, start &+ 2) ^ (isXOR ? UInt16(Self.cookie >> 16) : 0)
    switch datagram[start &+ 1] {
    case 1 where value.count == 8:
      return TransportAddress(.v4(Self.read32(datagram, start &+ 4) ^ (isXOR ? Self.cookie : 0)), port: port)
    case 2 where value.count == 20:
      let mask = isXOR ? transaction.addressMask : (upper: 0, lower: 0)
      return TransportAddress(
        .v6(Self.read64(datagram, start &+ 4) ^ mask.upper, Self.read64(datagram, start &+ 12) ^ mask.lower), port: port
      )
    default: return nil
    }
  }

  /// What a checksum is XORed with, so that it differs from other protocols' CRC-32: "STUN".
  static let fingerprintMask: UInt32 = 0x5354_554E

  static func read16(_ octets: Span<UInt8>, _ at: Int) -> UInt16 { UInt16(octets[at]) << 8 | UInt16(octets[at &+ 1]) }
  static func read32(_ octets: Span<UInt8>, _ at: Int) -> UInt32 {
    UInt32(read16(octets, at)) << 16 | UInt32(read16(octets, at &+ 2))
  }
  static func read64(_ octets: Span<UInt8>, _ at: Int) -> UInt64 {
    UInt64(read32(octets, at)) << 32 | UInt64(read32(octets, at &+ 4))
  }
}

extension STUNTransactionID {
  /// What an IPv6 address is XORed with: the cookie and the transaction.
  var addressMask: (upper: UInt64, lower: UInt64) {
    (UInt64(STUNMessage.cookie) << 32 | UInt64(upper), lower)
  }
}
