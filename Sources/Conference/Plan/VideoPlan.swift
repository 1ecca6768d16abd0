/// The video of a leg: what the member sends and what it is sent.
package struct VideoPlan: Hashable, Sendable {
  /// Bits a second that a member is sent at most, all pictures together.
  package static let maximumBitrate = 20_000_000

  /// Nil while the member sends no picture.
  package var publisher: PublisherPlan?
  /// A stream for each picture that the member can see at a time.
  package var views: [ViewPlan]
  /// Bits a second that the member takes at most.
  package var bitrate: Int
  /// Of our sources, RFC 3550, section 6.5.1.
  package var canonicalName: String

  package init(
    publisher: PublisherPlan? = nil, views: [ViewPlan] = [], bitrate: Int = maximumBitrate, canonicalName: String = ""
  ) {
    self.publisher = publisher
    self.views = views
    self.bitrate = bitrate
    self.canonicalName = canonicalName
  }
}
