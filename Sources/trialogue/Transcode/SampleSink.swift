import Audio

/// Codes samples into the octets of a file.
protocol SampleSink {
  /// The file's first octets.
  mutating func start(into octets: inout [UInt8])
  /// Takes samples at the rate and with the channels of the output.
  mutating func append(_ samples: Span<Int16>, into octets: inout [UInt8])
  /// The file's last octets; nothing may follow.
  mutating func finish(into octets: inout [UInt8])
  /// What to write over the beginning of the file at last.
  var patches: [FilePatch] { get }
}
