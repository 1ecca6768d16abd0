import Primitives

/// Writes a 16-bit WAV file without a file: octets to append, and patches that bring the header up to date.
///
/// The header keeps room for the sizes of RF64 (EBU Tech 3306), so a recording may pass 4 GiB while it is made:
/// ```
///  0 "RIFF" or "RF64"    4 size - 8         8 "WAVE"
/// 12 "JUNK" or "ds64"   16 28              20 RIFF size, data size, frames: 64 bits each; 44 table length 0
/// 48 "fmt "             52 16              56 PCM, channels, rate, octets a second, octets a frame, bits
/// 72 "data"             76 size            80 samples
/// ```
package struct WAVWriter: Sendable {
  /// Octets before the first sample.
  package static let headerCount = 80
  static let largest = 0xFFFF_FFFF

  package let sampleRate: Int
  package let channels: Int
  /// Octets of samples so far.
  package private(set) var dataCount = 0

  package init(sampleRate: Int, channels: Int = 1) {
    self.sampleRate = sampleRate
    self.channels = max(channels, 1)
  }

  /// Samples of each channel so far.
  package var frameCount: Int { dataCount / (2 * channels) }

  /// The file's first octets: a valid, empty WAV.
  package func start() -> [UInt8] { header() }

  /// The octets for samples (interleaved when there are several channels).
  package mutating func append(_ samples: Span<Int16>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(samples.count * 2)
    append(samples, to: &bytes)
    return bytes
  }

  /// The same, at the end of a buffer that the caller keeps.
  package mutating func append(_ samples: Span<Int16>, to bytes: inout [UInt8]) {
    for index in 0..<samples.count {
      let sample = UInt16(bitPattern: samples[index])
      bytes.append(UInt8(truncatingIfNeeded: sample))
      bytes.append(UInt8(truncatingIfNeeded: sample >> 8))
    }
    dataCount += samples.count * 2
  }

  /// Counts samples of silence that the caller writes itself, as zeros or as a hole, and returns their octets.
  package mutating func skip(samples: Int) -> Int {
    let octets = max(samples, 0) * 2
    dataCount += octets
    return octets
  }

  /// What to write over the header now. The last call's patches finish the file.
  package func patches() -> [FilePatch] {
    let head = header()
    return [
      FilePatch(offset: 0, bytes: Array(head[0..<48])), FilePatch(offset: 72, bytes: Array(head[72..<80])),
    ]
  }

  private func header() -> [UInt8] {
    let size = dataCount + Self.headerCount - 8
    let isLarge = size > Self.largest
    var writer = ByteWriter(capacity: Self.headerCount)
    writer.write(isLarge ? "RF64" : "RIFF")
    writer.writeLittleEndian(isLarge ? UInt32.max : UInt32(clamping: size))
    writer.write("WAVE")
    writer.write(isLarge ? "ds64" : "JUNK")
    writer.writeLittleEndian(UInt32(28))
    writer.writeLittleEndian(UInt64(isLarge ? size : 0))
    writer.writeLittleEndian(UInt64(isLarge ? dataCount : 0))
    writer.writeLittleEndian(UInt64(isLarge ? frameCount : 0))
    writer.writeLittleEndian(UInt32(0))
    writer.write("fmt ")
    writer.writeLittleEndian(UInt32(16))
    writer.writeLittleEndian(UInt16(1))
    writer.writeLittleEndian(UInt16(clamping: channels))
    writer.writeLittleEndian(UInt32(clamping: sampleRate))
    writer.writeLittleEndian(UInt32(clamping: sampleRate * channels * 2))
    writer.writeLittleEndian(UInt16(clamping: channels * 2))
    writer.writeLittleEndian(UInt16(16))
    writer.write("data")
    writer.writeLittleEndian(isLarge ? UInt32.max : UInt32(clamping: dataCount))
    return writer.bytes
  }
}
