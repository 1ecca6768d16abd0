import Primitives

/// Takes the samples out of a WAV file that comes piece by piece: RIFF or RF64 (EBU Tech 3306), WAVE_FORMAT_EXTENSIBLE,
/// odd chunks before the samples, sizes left at 0 or 0xFFFFFFFF by a writer that streamed or died.
/// ```
///  0 "RIFF" or "RF64"   4 size - 8   8 "WAVE", then chunks: id (32), size (32), body, a padding octet if odd
/// "ds64": RIFF size (64), data size (64), frames (64) …
/// "fmt ": format (16), channels (16), rate (32), octets a second (32), block (16), bits (16),
///         extension's size (16), valid bits (16), speakers (32), GUID that begins with the true format (16)
/// "data": samples; all little-endian
/// ```
/// What stands behind the samples is not looked at.
package struct WAVReader: Sendable {
  /// Chunks before the samples.
  static let maximumChunks = 4_096
  private static let unknown = 0xFFFF_FFFF

  private enum State {
    case form
    case chunk
    /// Octets of a chunk still to be passed over.
    case passing(Int)
    case samples(StoredBody)
  }

  /// Octets of samples as the header announces them; nil as long as it is not read, or if it does not know.
  package private(set) var announced: Int?
  private var state = State.form
  private var pieces = FilePieces()
  private var layout: StoredFormat?
  private var chunks = 0
  private var form = 0
  /// Data and RIFF size in a "ds64" chunk.
  private var long: (data: Int, form: Int)?

  package init() {}

  /// Known as soon as the header has come.
  package var format: StoredFormat? { body?.format }

  /// Announced octets that the file does not have; 0 before its end.
  package var missing: Int { pieces.isAtEnd ? body?.left ?? 0 : 0 }

  private var body: StoredBody? {
    if case .samples(let body) = state { body } else { nil }
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
      throw AudioFileError(.unsupported(format: body.format.tag, bits: body.format.bits), at: pieces.offset)
    }
    body.takeSamples(from: &pieces, into: &samples)
    state = .samples(body)
  }

  /// Goes on to where the samples begin; nil if more octets are needed. Taking samples does the same.
  @discardableResult
  package mutating func readHeader() throws(AudioFileError) -> StoredFormat? {
    while true {
      switch state {
      case .form: guard try readForm() else { return nil }
      case .chunk: guard try readChunk() else { return nil }
      case .passing(let count):
        let rest = count - pieces.skip(count)
        state = rest > 0 ? .passing(rest) : .chunk
        guard rest > 0 else { continue }
        try end()
        return nil
      case .samples(let body): return body.format
      }
    }
  }

  /// A file that ends here lacks something.
  private func end() throws(AudioFileError) {
    if pieces.isLast {
      throw AudioFileError(.missing(layout == nil ? "format chunk" : "data chunk"), at: pieces.offset)
    }
  }

  private mutating func readForm() throws(AudioFileError) -> Bool {
    guard let head = pieces.peek(12) else {
      if pieces.isLast { throw AudioFileError(.notA("WAV"), at: 0) }
      return false
    }
    var reader = ByteReader(head.span)
    guard let id = reader.readUInt32(), id == 0x5249_4646 || id == 0x5246_3634,
      let size = reader.readLittleEndianUInt32(), reader.readUInt32() == 0x5741_5645
    else { throw AudioFileError(.notA("WAV"), at: 0) }
    form = Int(size)
    _ = pieces.skip(12)
    state = .chunk
    return true
  }

  private mutating func readChunk() throws(AudioFileError) -> Bool {
    let start = pieces.offset
    guard let head = pieces.peek(8) else {
      try end()
      return false
    }
    var reader = ByteReader(head.span)
    guard let id = reader.readUInt32(), let stated = reader.readLittleEndianUInt32() else { return false }
    let size = Int(stated)
    if id == 0x6461_7461 {  // "data"
      guard let layout else { throw AudioFileError(.missing("format chunk before its data chunk"), at: start) }
      _ = pieces.skip(8)
      announced = dataSize(size, from: start + 8)
      state = .samples(StoredBody(layout, announced: announced))
      return true
    }
    chunks += 1
    guard chunks <= Self.maximumChunks else {
      throw AudioFileError(.tooLarge("More than \(Self.maximumChunks) chunks stand before the samples."), at: start)
    }
    // Of the chunks that count, their known beginning.
    let kept = id == 0x666D_7420 ? min(size, 26) : id == 0x6473_3634 ? min(size, 16) : 0
    guard let body = pieces.peek(8 + kept)?.dropFirst(8) else {
      if pieces.isLast { throw AudioFileError(.cutShort("a chunk of its header"), at: start) }
      return false
    }
    if id == 0x666D_7420 { layout = try Self.format(Array(body), at: start) }  // "fmt "
    if id == 0x6473_3634 { readLongSizes(Array(body)) }  // "ds64"
    _ = pieces.skip(8 + kept)
    // Chunks of odd length are followed by a padding octet.
    state = .passing(size + size % 2 - kept)
    return true
  }

  private mutating func readLongSizes(_ body: [UInt8]) {
    var reader = ByteReader(body.span)
    guard let form = reader.readLittleEndianUInt64(), let data = reader.readLittleEndianUInt64() else { return }
    long = (Int(clamping: data), Int(clamping: form))
  }

  /// A size of 0 is meant only where the form goes on behind it: else its writer streamed, or died.
  private func dataSize(_ stated: Int, from start: Int) -> Int? {
    let size = stated == Self.unknown ? long?.data ?? 0 : stated
    if size > 0 { return size }
    let whole = form == Self.unknown ? long?.form ?? 0 : form
    return stated == 0 && whole > start - 8 ? 0 : nil
  }

  private static func format(_ body: [UInt8], at start: Int) throws(AudioFileError) -> StoredFormat {
    var reader = ByteReader(body.span)
    guard let tag = reader.readLittleEndianUInt16(), let channels = reader.readLittleEndianUInt16(),
      let rate = reader.readLittleEndianUInt32(), reader.skip(4), let block = reader.readLittleEndianUInt16(),
      let bits = reader.readLittleEndianUInt16()
    else { throw AudioFileError(.badHeader("The format chunk is too short."), at: start) }
    var format = Int(tag)
    if tag == 0xFFFE, reader.skip(8), let inner = reader.readLittleEndianUInt16() { format = Int(inner) }
    guard let coding = StoredCoding(wave: format, bits: Int(bits)) else {
      throw AudioFileError(.unsupported(format: format, bits: Int(bits)), at: start)
    }
    guard StoredFormat.channelRange.contains(Int(channels)) else {
      throw AudioFileError(.badHeader("A file of \(channels) channels is not read."), at: start)
    }
    guard StoredFormat.rateRange.contains(Int(rate)) else {
      throw AudioFileError(.badHeader("A rate of \(rate) Hz is not read."), at: start)
    }
    let frame = coding.octets.map { $0 * Int(channels) }
    guard block == 0 || frame == nil || Int(block) == frame else {
      throw AudioFileError(.badHeader("The block size contradicts the sample size."), at: start)
    }
    return StoredFormat(
      coding: coding, isBigEndian: false, channels: Int(channels), sampleRate: Int(rate),
      block: max(frame ?? Int(block), 1), tag: format, bits: Int(bits))
  }
}
