/// The samples of a WAV or AU file, from where they begin: whole blocks at a time, not beyond what the header announces.
struct StoredBody: Sendable {
  let format: StoredFormat
  /// Octets that the header announces and that have not come; nil: all to the end of the file.
  private(set) var left: Int?

  init(_ format: StoredFormat, announced: Int?) {
    self.format = format
    left = announced
  }

  /// Appends what has come.
  mutating func takeOctets(from pieces: inout FilePieces, into octets: inout [UInt8]) {
    let range = ready(in: pieces)
    octets += pieces.octets[range]
    pass(range.count, in: &pieces)
  }

  /// The same as samples of 16 bits, interleaved.
  mutating func takeSamples(from pieces: inout FilePieces, into samples: inout [Int16]) {
    let range = ready(in: pieces)
    format.append(pieces.octets.span.extracting(range), to: &samples)
    pass(range.count, in: &pieces)
  }

  private func ready(in pieces: FilePieces) -> Range<Int> {
    let count = min(pieces.available, left ?? pieces.available)
    return pieces.place..<pieces.place + count / format.block * format.block
  }

  private mutating func pass(_ count: Int, in pieces: inout FilePieces) {
    _ = pieces.skip(count)
    if let left { self.left = left - count }
    // What stands behind the samples, or is no whole block.
    if left.map({ $0 < format.block }) ?? false || pieces.isLast { _ = pieces.skip(pieces.available) }
  }
}
