import Audio

/// What WAV and AU files have in common for who reads them.
protocol StoredReader {
  /// The container's name for people.
  static var container: FileForm.Container { get }
  /// Whether code words of G.726 fill octets from the highest bit.
  static var packsFromTheTop: Bool { get }
  var format: StoredFormat? { get }
  /// Announced octets that the file does not have; 0 before its end.
  var missing: Int { get }
  init()
  mutating func append(_ octets: [UInt8], isLast: Bool)
  @discardableResult mutating func readHeader() throws(AudioFileError) -> StoredFormat?
  mutating func takeOctets(into octets: inout [UInt8]) throws(AudioFileError)
  mutating func takeSamples(into samples: inout [Int16]) throws(AudioFileError)
}

extension WAVReader: StoredReader {
  static var container: FileForm.Container { .wav }
  static var packsFromTheTop: Bool { false }
}

extension AUReader: StoredReader {
  static var container: FileForm.Container { .au }
  static var packsFromTheTop: Bool { true }
}
