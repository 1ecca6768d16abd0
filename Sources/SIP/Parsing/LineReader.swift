/// Cuts octets into lines that end with CRLF or a bare LF; the last one may lack its end.
struct LineReader {
  private let bytes: [UInt8]
  /// Where the next line starts.
  private(set) var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next line without its end, or nil behind the last.
  mutating func next() -> ArraySlice<UInt8>? {
    guard index < bytes.count else { return nil }
    let start = index
    var end = start
    while end < bytes.count, bytes[end] != 0x0A { end += 1 }
    index = end < bytes.count ? end + 1 : end
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return bytes[start..<end]
  }
}
