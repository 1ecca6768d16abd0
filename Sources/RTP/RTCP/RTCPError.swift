/// Why a datagram is no RTCP: costs that datagram, nothing else.
package enum RTCPError: Error, Hashable, Sendable, Codable {
  /// A packet is shorter than its own length or count says.
  case truncated
  /// The version of a packet is not 2.
  case version
  /// Padding in another packet than the last, or more of it than there is packet.
  case padding
  /// More packets or blocks than anybody sends; see `RTCPCompound.maximumPackets`.
  case tooMany
}
