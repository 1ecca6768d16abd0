import Primitives

/// Takes the samples out of an AU file (".snd") that comes piece by piece.
/// ```
///  0 ".snd"   4 octets to the samples (32)   8 octets of samples (32), 0xFFFFFFFF if unknown
/// 12 encoding (32)   16 rate (32)   20 channels (32)   24 a text, then the samples; all big-endian
/// ```
package struct AUReader: Sendable {
  static let headerCount = 24

  private enum State {
    case header
    /// Octets of the text still to be passed over.
    case text(Int, StoredBody)
    case samples(StoredBody)
  }

  /// Octets of samples as the header announces them; nil as long as it is not read, or if it does not know.
  package private(set) var announced: Int?
  private var state = State.header
  private var pieces = FilePieces()

  package init() {}

  /// Known as soon as the header has come.
  package var format: StoredFormat? { body?.format }

  /// Announced octets that the file does not have; 0 before its end.
  package var missing: Int { pieces.isAtEnd ? body?.left ?? 0 : 0 }

  private var body: StoredBody? {
    switch state {
    case .header: nil
    case .text(_, let body), .samples(let body): body
    }
  }

  /// The next octets of the file. Take all samples before the next piece.
  package mutating func append(_ octets: [UInt8], isLast: Bool) { pieces.append(octets, isLast: isLast) }

  /// Appends the octets of the samples that have come, in whole blocks: for the codecs that need them as they are.
  package mutating func takeOctets(into octets: inout [UInt8]) throws(AudioFileError) {
    try readHeader()
    guard case .samples(var body) = state else { return }
    body.takeOctets(from: &pieces, into: &octets)
    state = .samples(body)
  }

  /// Appends the samples that have come, in 16 bits, the channels interleaved. It throws where a codec is needed.
  package mutating func takeSamples(into samples: inout [Int16]) throws(AudioFileError) {
    try readHeader()
    guard case .samples(var body) = state else { return }
    guard body.format.coding.isLinear else {
      throw AudioFileError(.unsupported(format: body.format.tag, bits: 0), at: 12)
    }
    body.takeSamples(from: &pieces, into: &samples)
    state = .samples(body)
  }

  /// Goes on to where the samples begin; nil if more octets are needed. Taking samples does the same.
  @discardableResult
  package mutating func readHeader() throws(AudioFileError) -> StoredFormat? {
    if case .header = state { try readFields() }
    if case .text(let count, let body) = state {
      let rest = count - pieces.skip(count)
      state = rest > 0 ? .text(rest, body) : .samples(body)
      if rest > 0, pieces.isLast { throw AudioFileError(.cutShort("its header"), at: pieces.offset) }
    }
    if case .samples(let body) = state { return body.format }
    return nil
  }

  private mutating func readFields() throws(AudioFileError) {
    if let magic = pieces.peek(4), magic != Array(".snd".utf8) { throw AudioFileError(.notA("AU"), at: 0) }
    guard let head = pieces.take(Self.headerCount) else {
      if pieces.isLast { throw AudioFileError(.cutShort("its header"), at: pieces.available) }
      return
    }
    var reader = ByteReader(head.span)
    guard reader.skip(4), let start = reader.readUInt32(), let size = reader.readUInt32(),
      let encoding = reader.readUInt32(), let rate = reader.readUInt32(), let channels = reader.readUInt32()
    else { return }
    guard start >= Self.headerCount else {
      throw AudioFileError(.badHeader("The samples begin inside the header."), at: 4)
    }
    guard let coding = StoredCoding(au: Int(encoding)) else {
      throw AudioFileError(.unsupported(format: Int(encoding), bits: 0), at: 12)
    }
    guard StoredFormat.rateRange.contains(Int(rate)) else {
      throw AudioFileError(.badHeader("A rate of \(rate) Hz is not read."), at: 16)
    }
    guard StoredFormat.channelRange.contains(Int(channels)) else {
      throw AudioFileError(.badHeader("A file of \(channels) channels is not read."), at: 20)
    }
    announced = size == UInt32.max ? nil : Int(size)
    let format = StoredFormat(
      coding: coding, isBigEndian: true, channels: Int(channels), sampleRate: Int(rate),
      block: max((coding.octets ?? 1) * Int(channels), 1), tag: Int(encoding), bits: 0)
    state = .text(Int(start) - Self.headerCount, StoredBody(format, announced: announced))
  }
}
