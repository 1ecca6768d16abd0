import RTP

/// Which SSRC is which simulcast stream of a member, as its packets have said. Chromium says `rid` no more once it was heard:
/// who shows itself again, or in another room, is known by this.
struct KnownSources: Sendable {
  /// The streams that these are, as they were agreed.
  private(set) var layers: [StreamLabel] = []
  /// By the place in `layers`.
  private var sources: [Int: PublisherPlan.Source] = [:]

  /// Forgets all if other streams are agreed by now.
  mutating func keep(for layers: [StreamLabel]) {
    guard layers != self.layers else { return }
    self.layers = layers
    sources = [:]
  }

  mutating func note(_ source: PublisherPlan.Source, layer: Int) {
    if layers.indices.contains(layer) { sources[layer] = source }
  }

  func layer(of ssrc: UInt32) -> Int? { sources.first { $0.value.ssrc == ssrc }?.key }
  func layer(ofRepair ssrc: UInt32) -> Int? { sources.first { $0.value.retransmission == ssrc }?.key }
}
