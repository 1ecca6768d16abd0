import CAllocations
import Primitives
import RTP
import Testing

@testable import Conference

/// A warm forwarder takes no memory for a packet.
@Suite struct ForwardingAllocationTests {
  @Test func aWarmForwarderAllocatesNothing() {
    var forwarder = Forwarder(ssrc: 1, random: .seeded(1), historyOctets: 1 << 14)
    forwarder.publish(LegID(1), PublisherPlan(codec: .vp8, payloadType: 96))
    for watcher: UInt64 in 2..<6 {
      let plan = ViewPlan(
        payloadType: 120, ssrc: UInt32(watcher), extensions: VideoExtensions(transportSequence: 3))
      guard let view = forwarder.openView(LegID(watcher), plan) else { continue }
      forwarder.show(LegID(1), in: view, layers: .init(stream: 0, temporal: 2), at: .zero)
    }
    var sender = VideoSender(id: 1, layers: 1, seed: 1)
    sender.packetsPerFrame = 1...1
    var packets = (0..<400).flatMap { _ in sender.picture(0) }.map(\.octets)
    var before: Int64 = 0
    var live: Int64 = 0
    var forwarded = 0
    for index in packets.indices {
      if index == 200 {
        before = trialogue_allocations()
        live = trialogue_live_blocks()
        forwarded = 0
      }
      let now = Instant(nanoseconds: Int64(index) * 33_000_000)
      do {
        var span = packets[index].mutableSpan
        forwarder.receive(&span, from: LegID(1), at: now)
      }
      forwarded += forwarder.queue.entries.count
      forwarder.queue.removeAll()
    }
    #expect(forwarded == 800)
    // Sanitizers bring their own allocator, which cannot be counted.
    guard before >= 0 else { return }
    // Debug builds take memory for every access in place, and give it back.
    #expect(trialogue_live_blocks() - live <= 2)
    #if !DEBUG
      #expect(trialogue_allocations() == before)
    #endif
  }
}
