import CAllocations
import Primitives
import SecureRTP
import Testing

/// The media path takes no memory per packet.
@Suite struct AllocationTests {
  @Test(arguments: SRTPProfile.allCases)
  func aWarmContextTakesNoMemory(profile: SRTPProfile) throws {
    var random = RandomSource.seeded(5)
    let keys = SRTPKeys(profile: profile, using: &random)
    var sender = try SRTPContext(profile: profile, keys: keys, direction: .outgoing)
    var receiver = try SRTPContext(profile: profile, keys: keys, direction: .incoming)
    let room = 400
    var packets = (0..<room).map {
      Packet.rtp($0, ssrc: UInt32($0 % 3), payload: 100) + [UInt8](repeating: 0, count: 16)
    }
    var taken: [Int64] = []
    taken.reserveCapacity(2)
    let blocks = trialogue_live_blocks()
    for half in 0..<2 {
      let before = trialogue_allocations()
      for number in half * 200..<half * 200 + 200 {
        var packet = packets[number].mutableSpan
        let count = try sender.protect(rtp: &packet, count: packet.count - 16)
        _ = try receiver.unprotect(rtp: &packet, count: count)
        // The packet is plain again, and long enough for a report.
        packet[1] = 201
        let report = try sender.protect(rtcp: &packet, count: 64)
        _ = try receiver.unprotect(rtcp: &packet, count: report)
      }
      taken.append(trialogue_allocations() - before)
    }
    // Sanitizers bring their own allocator, which cannot be counted.
    guard trialogue_allocations() >= 0 else { return }
    #expect(taken[0] > 0, "new sources are remembered")
    #expect(trialogue_live_blocks() - blocks < 20)
    #if !DEBUG
      // Debug builds take memory for accesses in place.
      #expect(taken[1] == 0, "\(taken[1]) allocations for 200 packets both ways")
    #endif
  }
}
