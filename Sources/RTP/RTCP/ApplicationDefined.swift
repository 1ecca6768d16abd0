/// A packet of somebody's own making; RFC 3550, section 6.7, packet type 204.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P| subtype |   PT=APP=204  |             length            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           SSRC/CSRC                           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                          name (ASCII)                         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                   application-dependent data …                |
/// ```
package struct ApplicationDefined: Hashable, Sendable {
  /// 0 to 31.
  package var subtype: UInt8
  package var ssrc: UInt32
  /// Four ASCII characters, the first in the top octet.
  package var name: UInt32
  /// A multiple of 4 octets; encoding fills up with zeros.
  package var data: [UInt8]

  package init(subtype: UInt8, ssrc: UInt32, name: UInt32, data: [UInt8]) {
    self.subtype = subtype
    self.ssrc = ssrc
    self.name = name
    self.data = data
  }
}
