/// Attributes that this server reads or writes: RFC 8489, section 18.3, and RFC 8445, section 16.1.
///
/// Types below 0x8000 must be understood by who receives them (section 14).
package enum STUNAttribute: UInt16, Hashable, Sendable {
  case mappedAddress = 0x0001
  case username = 0x0006
  case messageIntegrity = 0x0008
  case errorCode = 0x0009
  case unknownAttributes = 0x000A
  case realm = 0x0014
  case nonce = 0x0015
  case messageIntegritySHA256 = 0x001C
  case passwordAlgorithm = 0x001D
  case userHash = 0x001E
  case xorMappedAddress = 0x0020
  case priority = 0x0024
  case useCandidate = 0x0025
  case software = 0x8022
  case fingerprint = 0x8028
  case iceControlled = 0x8029
  case iceControlling = 0x802A

  static func mustBeUnderstood(_ type: UInt16) -> Bool { type < 0x8000 }
}
