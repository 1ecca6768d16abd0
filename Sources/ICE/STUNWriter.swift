import Primitives

/// Builds one STUN message; the length field is right after every step. RFC 8489, sections 5 and 14.
///
/// Order matters: other attributes first, then `seal`, then `finish`.
package struct STUNWriter: Sendable {
  package private(set) var bytes: [UInt8] = []
  /// What values are padded with; receivers ignore it.
  package var padding: UInt8 = 0
  private let transaction: STUNTransactionID
  /// No value is longer, in octets: RFC 8489, section 14 (128 characters of up to 6 octets in the longest texts).
  private static let maximumValue = 763

  package init(
    _ kind: STUNMessage.Kind, method: UInt16 = STUNMessage.binding, transaction: STUNTransactionID, capacity: Int = 128
  ) {
    self.transaction = transaction
    bytes.reserveCapacity(capacity)
    let bits = kind.rawValue
    let type = (method & 0xF) | (method & 0x70) << 1 | (method & 0xF80) << 2 | (bits & 1) << 4 | (bits & 2) << 7
    append(UInt64(type), octets: 2)
    append(0, octets: 2)
    append(UInt64(STUNMessage.cookie), octets: 4)
    append(UInt64(transaction.upper), octets: 4)
    append(transaction.lower, octets: 8)
  }

  private mutating func append(_ value: UInt64, octets: Int) {
    for index in 0..<octets {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * (octets - 1 - index))))
    }
  }

  private mutating func open(_ attribute: STUNAttribute, count: Int) {
    append(UInt64(attribute.rawValue), octets: 2)
    append(UInt64(count), octets: 2)
    setLength(bytes.count + (count + 3) & ~3 - STUNMessage.headerSize)
  }

  private mutating func setLength(_ length: Int) {
    bytes[2] = UInt8(truncatingIfNeeded: length >> 8)
    bytes[3] = UInt8(truncatingIfNeeded: length)
  }

  package mutating func add(_ attribute: STUNAttribute, _ value: [UInt8]) {
    let value = value.prefix(Self.maximumValue)
    open(attribute, count: value.count)
    bytes += value
    while bytes.count & 3 != 0 { bytes.append(padding) }
  }

  package mutating func add(_ attribute: STUNAttribute, _ text: String) { add(attribute, Array(text.utf8)) }
  package mutating func addPriority(_ priority: UInt32) {
    open(.priority, count: 4)
    append(UInt64(priority), octets: 4)
  }

  package mutating func addUseCandidate() { open(.useCandidate, count: 0) }

  package mutating func add(_ role: ICERole) {
    switch role {
    case .controlling(let tieBreaker):
      open(.iceControlling, count: 8)
      append(tieBreaker, octets: 8)
    case .controlled(let tieBreaker):
      open(.iceControlled, count: 8)
      append(tieBreaker, octets: 8)
    }
  }

  /// XOR-MAPPED-ADDRESS. An IPv4 address that came in the form of IPv6 is said as IPv4.
  package mutating func addXORMappedAddress(_ address: TransportAddress) {
    let port = UInt64(address.port ^ UInt16(STUNMessage.cookie >> 16))
    switch address.ip.unmapped {
    case .v4(let bits):
      open(.xorMappedAddress, count: 8)
      append(0x0001, octets: 2)
      append(port, octets: 2)
      append(UInt64(bits ^ STUNMessage.cookie), octets: 4)
    case .v6(let upper, let lower):
      open(.xorMappedAddress, count: 20)
      append(0x0002, octets: 2)
      append(port, octets: 2)
      append(upper ^ transaction.addressMask.upper, octets: 8)
      append(lower ^ transaction.addressMask.lower, octets: 8)
    }
  }

  /// ERROR-CODE, `code` from 300 to 699.
  package mutating func addError(_ code: Int, _ reason: String) {
    add(.errorCode, [0, 0, UInt8(clamping: code / 100) & 7, UInt8(clamping: code % 100)] + Array(reason.utf8))
  }

  package mutating func addUnknownAttributes(_ types: [UInt16]) {
    var value: [UInt8] = []
    for type in types { value += [UInt8(type >> 8), UInt8(truncatingIfNeeded: type)] }
    add(.unknownAttributes, value)
  }

  /// Adds MESSAGE-INTEGRITY or MESSAGE-INTEGRITY-SHA256 over all that was added.
  package mutating func seal(_ integrity: STUNIntegrity = .sha1, key: [UInt8]) {
    setLength(bytes.count + 4 + integrity.count - STUNMessage.headerSize)
    add(integrity.attribute, integrity.hash(bytes, key: key))
  }

  /// Adds FINGERPRINT; nothing may follow.
  package mutating func finish() {
    setLength(bytes.count + 8 - STUNMessage.headerSize)
    let checksum = CRC32.checksum(bytes.span, count: bytes.count) ^ STUNMessage.fingerprintMask
    open(.fingerprint, count: 4)
    append(UInt64(checksum), octets: 4)
  }
}
