/// Writes a file of iLBC without a file (RFC 3952, section 5); `ILBCFileReader` shows what one looks like.
package struct ILBCFileWriter: Sendable {
  /// Milliseconds of a frame, 20 or 30.
  package let frameTime: Int
  /// Frames so far.
  package private(set) var count = 0

  package init(frameTime: Int) { self.frameTime = frameTime == 30 ? 30 : 20 }

  /// The file's first octets.
  package func start() -> [UInt8] { ILBCFileReader.magic(frameTime) }

  /// The octets for one frame. One of another length, so also an empty one, becomes a frame that tells the decoder to
  /// conceal it: RFC 3951, section 3.8, keeps the last bit for that.
  package mutating func append(_ frame: Span<UInt8>) -> [UInt8] {
    count += 1
    let size = ILBCFileReader.frameCount(frameTime)
    var octets = [UInt8](repeating: 0, count: size)
    guard frame.count == size else {
      octets[size - 1] = 1
      return octets
    }
    for index in 0..<size { octets[index] = frame[index] }
    return octets
  }
}
