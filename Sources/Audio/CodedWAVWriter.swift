import Primitives

/// Writes a WAV file of G.711 without a file: octets to append, and patches that bring the header up to date.
///
/// The header keeps room for the sizes of RF64, as that of `WAVWriter` does:
/// ```
///  0 "RIFF" or "RF64"    4 size - 8         8 "WAVE"
/// 12 "JUNK" or "ds64"   16 28              20 RIFF size, data size, frames: 64 bits each; 44 table length 0
/// 48 "fmt "             52 18              56 law, channels, rate, octets a second, octets a frame, 8 bits, 0
/// 74 "fact"             78 4               82 samples of each channel
/// 86 "data"             90 size            94 samples
/// ```
package struct CodedWAVWriter: Sendable {
  package enum Law: UInt16, Sendable, Hashable, CaseIterable {
    case alaw = 6
    case ulaw = 7
  }

  /// Octets before the first sample.
  package static let headerCount = 94

  package let law: Law
  package let channels: Int
  /// Hertz.
  package let sampleRate: Int
  /// Octets of samples so far.
  package private(set) var dataCount = 0

  package init(_ law: Law, sampleRate: Int = 8_000, channels: Int = 1) {
    self.law = law
    self.sampleRate = sampleRate
    self.channels = max(channels, 1)
  }

  /// The file's first octets: a valid, empty WAV.
  package func start() -> [UInt8] { header() }

  /// Counts octets that are appended to the file.
  package mutating func count(_ octets: Int) { dataCount += max(octets, 0) }

  /// What to append behind the last sample: a padding octet where chunks would end at an odd one.
  package func end() -> [UInt8] { dataCount % 2 == 0 ? [] : [0] }

  /// What to write over the header now. The last call's patch finishes the file.
  package func patches() -> [FilePatch] { [FilePatch(offset: 0, bytes: header())] }

  private func header() -> [UInt8] {
    let size = dataCount + dataCount % 2 + Self.headerCount - 8
    let isLarge = size > Int(UInt32.max)
    let frames = dataCount / channels
    var writer = ByteWriter(capacity: Self.headerCount)
    writer.write(isLarge ? "RF64" : "RIFF")
    writer.writeLittleEndian(isLarge ? UInt32.max : UInt32(clamping: size))
    writer.write("WAVE")
    writer.write(isLarge ? "ds64" : "JUNK")
    writer.writeLittleEndian(UInt32(28))
    for value in [size, dataCount, frames] { writer.writeLittleEndian(UInt64(isLarge ? value : 0)) }
    writer.writeLittleEndian(UInt32(0))
    writer.write("fmt ")
    writer.writeLittleEndian(UInt32(18))
    writer.writeLittleEndian(law.rawValue)
    writer.writeLittleEndian(UInt16(clamping: channels))
    writer.writeLittleEndian(UInt32(clamping: sampleRate))
    writer.writeLittleEndian(UInt32(clamping: sampleRate * channels))
    writer.writeLittleEndian(UInt16(clamping: channels))
    writer.writeLittleEndian(UInt16(8))
    writer.writeLittleEndian(UInt16(0))
    writer.write("fact")
    writer.writeLittleEndian(UInt32(4))
    writer.writeLittleEndian(UInt32(clamping: frames))
    writer.write("data")
    writer.writeLittleEndian(isLarge ? UInt32.max : UInt32(clamping: dataCount))
    return writer.bytes
  }
}
