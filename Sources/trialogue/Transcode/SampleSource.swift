import Audio

/// Decodes a file that comes piece by piece.
protocol SampleSource {
  /// What the file is; nil as long as its header has not come.
  var form: FileForm? { get }
  /// Hertz of the samples that come out; known with `form`.
  var sampleRate: Int { get }
  /// Channels of the samples that come out, interleaved.
  var channels: Int { get }
  /// What was wrong with the file without making it useless, so far; at the end, all of it.
  var warnings: [String] { get }

  /// The next octets of the file. Decode all of them before the next piece.
  mutating func append(_ octets: [UInt8], isLast: Bool)

  /// Appends samples of a bounded length of time; false if more octets are needed, or at the end.
  mutating func decode(into samples: inout [Int16]) throws(AudioFileError) -> Bool
}
