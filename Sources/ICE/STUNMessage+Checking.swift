extension STUNMessage {
  /// How the message is protected; the stronger way if there are two.
  package var protection: STUNIntegrity? {
    if integritySHA256 != nil { return .sha256 }
    return integrity == nil ? nil : .sha1
  }

  /// Whether who sent the message knew the key. With both hashes in the message the stronger one decides (RFC 8489,
  /// section 9.1.3). Takes the same time wherever a wrong hash differs.
  ///
  /// - Parameter datagram: what the message was parsed from.
  package func isAuthentic(_ datagram: Span<UInt8>, key: [UInt8]) -> Bool {
    guard let protection, let offset = integritySHA256 ?? integrity,
      let end = Self.attributeEnd(datagram, at: offset)
    else { return false }
    let claimed = datagram.extracting((offset &+ 4)..<end)
    let length = end &- Self.headerSize
    var covered: [UInt8] = []
    covered.reserveCapacity(offset)
    for index in 0..<offset { covered.append(datagram[index]) }
    // The length that the message had when this attribute was its last.
    covered[2] = UInt8(truncatingIfNeeded: length >> 8)
    covered[3] = UInt8(truncatingIfNeeded: length)
    let hash = protection.hash(covered, key: key)
    guard claimed.count <= hash.count else { return false }
    var difference: UInt8 = 0
    for index in 0..<claimed.count { difference |= claimed[index] ^ hash[index] }
    return difference == 0
  }

  /// Types that must be understood and are not, in their order, `limit` at most.
  ///
  /// - Parameter datagram: what the message was parsed from.
  package func unknownAttributes(in datagram: Span<UInt8>, limit: Int) -> [UInt16] {
    var types: [UInt16] = []
    var offset = Self.headerSize
    while types.count < min(limit, unknownCount), let next = Self.attributeEnd(datagram, at: offset) {
      let type = Self.read16(datagram, offset)
      if STUNAttribute.mustBeUnderstood(type), STUNAttribute(rawValue: type) == nil { types.append(type) }
      offset = next
    }
    return types
  }

  /// Whether USERNAME is `local:remote`; `remote` nil while it is not known yet.
  func isAddressed(_ datagram: Span<UInt8>, local: String, remote: String?) -> Bool {
    guard let username else { return false }
    var index = username.lowerBound
    guard Self.skip(local, in: datagram, at: &index, before: username.upperBound),
      Self.skip(":", in: datagram, at: &index, before: username.upperBound)
    else { return false }
    guard let remote else { return index < username.upperBound }
    return Self.skip(remote, in: datagram, at: &index, before: username.upperBound) && index == username.upperBound
  }

  /// Moves `index` past a text that stands there; false if another does.
  private static func skip(_ text: String, in datagram: Span<UInt8>, at index: inout Int, before end: Int) -> Bool {
    for octet in text.utf8 {
      guard index < end, datagram[index] == octet else { return false }
      index &+= 1
    }
    return true
  }

  /// The local ufrag of a connectivity check's USERNAME, before anything else is checked: finds the agent that the
  /// datagram is for on a port that many share. Nil if it is no Binding request or has no ufrag of ours.
  package static func localUfrag(in datagram: Span<UInt8>) -> UfragKey? {
    guard datagram.count >= headerSize, read16(datagram, 0) == binding, read32(datagram, 4) == cookie else {
      return nil
    }
    var offset = headerSize
    var attributes = 0
    while let next = attributeEnd(datagram, at: offset), attributes < maximumAttributes {
      if read16(datagram, offset) == STUNAttribute.username.rawValue {
        let count = Int(read16(datagram, offset &+ 2))
        return UfragKey(datagram.extracting((offset &+ 4)..<(offset &+ 4 &+ count)))
      }
      offset = next
      attributes &+= 1
    }
    return nil
  }
}
