/// The numbers of one packet in a watcher's stream, unwrapped: the wire carries their lower bits.
package struct StreamNumbers: Hashable, Sendable {
  package var sequence: Int64
  package var timestamp: Int64
  /// VP8's picture id.
  package var picture: Int64
  /// TL0PICIDX.
  package var baseLayerIndex: UInt8
}
