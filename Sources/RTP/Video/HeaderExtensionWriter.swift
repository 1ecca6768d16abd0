/// Writes the header extension of one RTP packet, element by element; RFC 8285, section 4.
///
/// The one-byte form carries ids 1 to 14 and 1 to 16 octets; what does not fit it needs the two-byte form (ids 1 to 255,
/// 0 to 255 octets), which only receivers with `extmap-allow-mixed` or such ids understand.
package struct HeaderExtensionWriter: Sendable {
  package enum Form: Hashable, Sendable {
    case oneByte, twoByte

    /// "Defined by profile".
    var profile: UInt16 { self == .oneByte ? 0xBEDE : 0x1000 }
  }

  /// Octets in front of the elements: profile and length.
  private static let head = 4

  private let form: Form
  private let start: Int
  private var offset: Int

  /// - Parameter start: where the extension stands in the packet: behind the fixed header and the contributors.
  package init(_ form: Form, at start: Int) {
    self.form = form
    self.start = start
    offset = start &+ Self.head
  }

  /// Adds the lower `octets` (1 to 8) octets of a number; false, and nothing changes, if form or room do not allow it.
  @discardableResult
  package mutating func add(_ id: UInt8, _ value: UInt64, octets: Int, to packet: inout MutableSpan<UInt8>) -> Bool {
    guard (1...8).contains(octets), begin(id, octets, in: &packet) else { return false }
    for index in 0..<octets {
      packet[offset &+ index] = UInt8(truncatingIfNeeded: value >> UInt64(8 &* (octets &- 1 &- index)))
    }
    offset &+= octets
    return true
  }

  @discardableResult
  package mutating func add(_ id: UInt8, _ label: StreamLabel, to packet: inout MutableSpan<UInt8>) -> Bool {
    guard begin(id, label.count, in: &packet) else { return false }
    for index in 0..<label.count { packet[offset &+ index] = label[index] }
    offset &+= label.count
    return true
  }

  /// Fills up to whole words, writes profile and length and sets the packet's X bit. Returns where the payload begins:
  /// `start` itself, without an extension, if there is no element or no room.
  package mutating func finish(_ packet: inout MutableSpan<UInt8>) -> Int {
    guard offset > start &+ Self.head, start >= RTPHeader.size else { return start }
    let end = start &+ ((offset &- start &+ 3) & ~3)
    guard end <= packet.count else { return start }
    while offset < end {
      packet[offset] = 0
      offset &+= 1
    }
    packet[start] = UInt8(truncatingIfNeeded: form.profile >> 8)
    packet[start &+ 1] = UInt8(truncatingIfNeeded: form.profile)
    let words = (end &- start &- Self.head) / 4
    packet[start &+ 2] = UInt8(truncatingIfNeeded: words >> 8)
    packet[start &+ 3] = UInt8(truncatingIfNeeded: words)
    packet[0] |= 0x10
    return end
  }

  private mutating func begin(_ id: UInt8, _ octets: Int, in packet: inout MutableSpan<UInt8>) -> Bool {
    switch form {
    case .oneByte:
      guard (1...14).contains(id), (1...16).contains(octets), offset &+ 1 &+ octets <= packet.count else {
        return false
      }
      packet[offset] = id << 4 | UInt8(truncatingIfNeeded: octets &- 1)
      offset &+= 1
    case .twoByte:
      guard id > 0, (0...255).contains(octets), offset &+ 2 &+ octets <= packet.count else { return false }
      packet[offset] = id
      packet[offset &+ 1] = UInt8(truncatingIfNeeded: octets)
      offset &+= 2
    }
    return true
  }
}
