/// A packet of an Ogg stream, and what its page says (RFC 3533, section 6).
struct OggPacket: Sendable {
  var bytes: [UInt8]
  /// Which one it is of those that end on its page, and how many those are.
  var index: Int
  var count: Int
  /// The position behind the last packet that ends on the page; −1 if it does not say.
  var granule: Int64
  /// The page ends the stream.
  var isLastPage: Bool
  /// Octets in the file before the page.
  var offset: Int
}
