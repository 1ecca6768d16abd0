import Primitives
import RTP

/// The video of one room: every publisher's packets to every watcher that is shown it, each with its own numbers and layers.
///
/// Nothing is decoded and nothing is copied but into the queue of what is sent. After warm-up a packet takes no memory.
package struct Forwarder: Sendable {
  /// Simulcast streams of a publisher.
  package static let maximumLayers = 3
  /// Views of all watchers.
  package static let maximumViews = 4_096
  /// Requests to publishers that wait to be fetched.
  package static let maximumRequests = 256

  /// Nanoseconds after which it is looked again at what publishers send, and who still waits for a key frame.
  package static let reviewInterval: Int64 = 250_000_000

  /// A member that sends video.
  struct Publisher: Sendable {
    var leg: LegID
    var plan: PublisherPlan
    /// Slots of its sources and of the views that show it.
    var sources: [Int] = []
    var views: [Int] = []
    var known = KnownSources()
  }

  /// A member that sees video.
  struct Watcher: Sendable {
    var leg: LegID
    var transportSequence: UInt16 = 0
    var views: [Int] = []
    var repair = RepairBudget()
  }

  /// Feedback for a publisher.
  package struct Request: Hashable, Sendable {
    package var publisher: LegID
    package var feedback: Feedback
  }

  var publishers: [Publisher] = []
  var watchers: [Watcher] = []
  var sources: [VideoSource] = []
  var views: [VideoView] = []
  var publisherSlots: [LegID: Int] = [:]
  var watcherSlots: [LegID: Int] = [:]
  var freePublishers: [Int] = []
  var freeWatchers: [Int] = []
  var freeSources: [Int] = []
  var freeViews: [Int] = []
  var generation = 0
  private var nextReview = Instant.zero
  var random: RandomSource
  /// SSRC of what we ask of publishers.
  let ssrc: UInt32
  let historyOctets: Int

  /// What is to be sent.
  package var queue = ForwardQueue()
  /// What is to be asked of publishers; the owner fetches and empties it.
  package var requests: [Request] = []
  /// Packets that were no video, or of a stream that nobody knows.
  package internal(set) var refused = 0

  package init(ssrc: UInt32, random: RandomSource, historyOctets: Int = PacketHistory.maximumOctets) {
    self.ssrc = ssrc
    self.random = random
    self.historyOctets = historyOctets
  }

  /// When `timeout` has something to do; nil while nobody is shown anything.
  package var deadline: Instant? {
    var soonest = views.count > freeViews.count ? nextReview : nil
    for publisher in publishers {
      for slot in publisher.sources {
        if let next = sources[slot].requests.deadline, next < soonest ?? .distantFuture { soonest = next }
        if let next = sources[slot].missing.deadline, next < soonest ?? .distantFuture { soonest = next }
      }
    }
    return soonest
  }

  /// Asks publishers for what is missing and for key frames.
  package mutating func timeout(at now: Instant) {
    if nextReview <= now {
      nextReview = now.advanced(byNanoseconds: Self.reviewInterval)
      for slot in views.indices where views[slot].publisher != nil { retarget(slot, at: now) }
    }
    for index in publishers.indices {
      for place in publishers[index].sources.indices {
        let slot = publishers[index].sources[place]
        let media = sources[slot].ssrc
        if sources[slot].requests.timeout(at: now) {
          ask(KeyFrameRequest.pictureLoss.feedback(sender: ssrc, media: media), of: index)
        }
        let missing = sources[slot].missing.timeout(at: now)
        if !missing.isEmpty {
          ask(NegativeAcknowledgement(sender: ssrc, media: media, sequences: missing).feedback, of: index)
        }
      }
    }
  }

  private mutating func ask(_ feedback: Feedback, of publisher: Int) {
    guard requests.count < Self.maximumRequests else { return }
    requests.append(Request(publisher: publishers[publisher].leg, feedback: feedback))
  }
}
