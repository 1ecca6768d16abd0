import Testing

@testable import SecureRTP

/// Indices of packets: which were seen, and which a sequence number means.
@Suite struct ReplayWindowTests {
  static func source(at index: UInt64) -> SRTPSource {
    var source = SRTPSource(ssrc: 1)
    source.rtp.record(index)
    return source
  }

  @Test func theNearestRollOverCounterIsMeant() {
    #expect(SRTPSource(ssrc: 1).index(of: 65_535) == 65_535)
    #expect(Self.source(at: 65_535).index(of: 0) == 65_536)
    #expect(Self.source(at: 65_536).index(of: 65_535) == 65_535)
    #expect(Self.source(at: 0x1_8000).index(of: 0) == 0x1_0000)
    #expect(Self.source(at: 0x1_8001).index(of: 0) == 0x2_0000)
    #expect(Self.source(at: 0x1_7FFF).index(of: 0xFFFF) == 0x1_FFFF)
    #expect(Self.source(at: 0x1_7FFE).index(of: 0xFFFF) == 0x0_FFFF)
    // Nothing was sent before the counter's 0.
    #expect(Self.source(at: 5).index(of: 65_530) == 65_530)
  }

  @Test func theWindowFollowsTheHighestIndex() throws {
    var window = ReplayWindow()
    try window.check(1_000)
    window.record(1_000)
    #expect(throws: SRTPError.replayed) { try window.check(1_000) }
    try window.check(873)
    #expect(throws: SRTPError.tooOld) { try window.check(872) }
    window.record(1_127)
    #expect(throws: SRTPError.replayed) { try window.check(1_000) }
    try window.check(1_001)
    window.record(1_128)
    #expect(throws: SRTPError.tooOld) { try window.check(1_000) }
    window.record(1_001)
    #expect(throws: SRTPError.replayed) { try window.check(1_001) }
    window.record(1 << 40)
    try window.check(1 << 40 - 1)
    #expect(throws: SRTPError.tooOld) { try window.check(1_128) }
  }
}
