/// Who a source is; one chunk of an SDES packet, RFC 3550, section 6.5, packet type 202.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|    SC   |  PT=SDES=202  |             length            |
/// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
/// |                           SSRC/CSRC                           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |    item       |    length     | text …        items, 0, padding
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
package struct SourceDescription: Hashable, Sendable {
  /// One item of a chunk; its text is UTF-8 of at most 255 octets.
  package struct Item: Hashable, Sendable {
    /// 1 CNAME, 2 NAME, 3 EMAIL, 4 PHONE, 5 LOC, 6 TOOL, 7 NOTE, 8 PRIV, 15 MID (RFC 8843).
    package var type: UInt8
    package var text: [UInt8]
    package init(type: UInt8, text: [UInt8]) {
      self.type = type
      self.text = text
    }
  }

  package static let cnameType: UInt8 = 1

  package var ssrc: UInt32
  package var items: [Item]

  package init(ssrc: UInt32, items: [Item]) {
    self.ssrc = ssrc
    self.items = items
  }

  package init(ssrc: UInt32, cname: String) {
    self.init(ssrc: ssrc, items: [Item(type: Self.cnameType, text: Array(cname.utf8.prefix(255)))])
  }

  /// The canonical name, broken UTF-8 mended; nil if the chunk has none.
  package var cname: String? {
    items.first { $0.type == Self.cnameType }.map { String(decoding: $0.text, as: UTF8.self) }
  }
}
