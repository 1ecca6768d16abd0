/// A frame in a WebM file: RFC 9559, sections 10.1 and 10.2.
package struct WebMBlock: Hashable, Sendable {
  /// `WebMTracks.videoNumber` or `audioNumber`; others are passed over.
  package var track: UInt8
  /// Milliseconds from the start of the recording.
  package var time: Int64
  package var isKeyFrame: Bool
  /// Where its octets stand.
  package var place: Range<Int>
}
