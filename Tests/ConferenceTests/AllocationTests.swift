import Codecs
import RoomLoad
import Testing

/// The media path takes no memory per packet.
@Suite struct AllocationTests {
  @Test(arguments: [false, true])
  func aWarmRoomAllocatesForReportsAndNewTalkersOnly(mixes: Bool) {
    var load = RoomLoad(
      name: "mixed", format: .pcmu, members: 10, talkers: 3, isFromAll: true, mixes: mixes)
    #if DEBUG
      let ticks = 600
    #else
      let ticks = 2_000
    #endif
    let result = load.run(ticks: ticks, warmUp: 200)
    // Sanitizers bring their own allocator, which cannot be counted.
    guard result.allocations >= 0 else { return }
    #expect(result.packetsTaken == ticks * 10)
    #expect(result.reports > 10)
    // An encoder of its own is a handful of blocks; nothing else may stay.
    #expect(result.growth <= 100, "\(result.growth) blocks more")
    #if !DEBUG
      // Debug builds take memory for every access in place; `RoomBench check` proves it for the build that runs.
      #expect(result.allocatingTicks == 0, "\(result)")
      #expect(result.allocations <= Int64(result.reports * 40 + result.forks * 20), "\(result)")
    #endif
  }
}
