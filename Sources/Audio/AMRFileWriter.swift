/// Writes a file of AMR or AMR-WB without a file (RFC 4867, section 5); `AMRFileReader` shows what one looks like.
package struct AMRFileWriter: Sendable {
  package let band: AMRFileBand
  /// Frames so far.
  package private(set) var count = 0

  package init(_ band: AMRFileBand) { self.band = band }

  /// The file's first octets: one channel.
  package func start() -> [UInt8] { band.magic }

  /// The octets for one frame, which begins with its header octet. One that is not as long as its type says, so also an
  /// empty one, becomes a frame without data: its time counts.
  package mutating func append(_ frame: Span<UInt8>) -> [UInt8] {
    count += 1
    guard frame.count > 0, band.frameCount(ofType: AMRFileBand.frameType(frame[0])) == frame.count else {
      return [AMRFileBand.noData]
    }
    var octets: [UInt8] = []
    octets.reserveCapacity(frame.count)
    // The padding bits of the header octet are 0 in a file.
    octets.append(frame[0] & 0x7C)
    for index in 1..<frame.count { octets.append(frame[index]) }
    return octets
  }
}
