/// Why a payload is no video of its codec: costs that packet, nothing else.
package enum VideoPayloadError: Error, Hashable, Sendable, Codable {
  /// Shorter than its own descriptor says.
  case truncated
  /// More of something than anybody sends: layers, references, units.
  case tooMany
  /// A structure that the codec's payload format does not know.
  case malformed
}
