import Primitives
import TestSupport
import Testing

@testable import SecureRTP

/// Protecting and unprotecting packets, in every profile.
@Suite struct SRTPContextTests {
  static func pair(
    _ profile: SRTPProfile, seed: UInt64 = 1
  ) throws -> (keys: SRTPKeys, other: SRTPKeys) {
    var random = RandomSource.seeded(seed)
    return (SRTPKeys(profile: profile, using: &random), SRTPKeys(profile: profile, using: &random))
  }

  @Test(arguments: SRTPProfile.allCases)
  func whatIsProtectedReadsTheSame(profile: SRTPProfile) throws {
    let keys = try Self.pair(profile).keys
    var sender = try SRTPContext(profile: profile, keys: keys, direction: .outgoing)
    var receiver = try SRTPContext(profile: profile, keys: keys, direction: .incoming)
    for (number, size) in [0, 1, 15, 16, 17, 160, 1_100].enumerated() {
      let plain = Packet.rtp(number, payload: size)
      let sealed = try sender.protected(plain)
      #expect(sealed.count == plain.count + profile.rtpTagCount)
      #expect(sealed.prefix(12) == plain.prefix(12))
      if size > 15 { #expect(!sealed.starts(with: plain)) }
      #expect(try receiver.unprotected(sealed) == plain)
    }
    let report = Packet.rtcp()
    let sealed = try sender.protectedRTCP(report)
    #expect(sealed.count == report.count + profile.rtcpOverhead)
    #expect(!sealed.starts(with: report))
    #expect(try receiver.unprotectedRTCP(sealed) == report)
    #expect(receiver.sourceCount == 1)
  }

  @Test func contributorsAndExtensionStayReadable() throws {
    let keys = try Self.pair(.aeadAES128GCM).keys
    var sender = try SRTPContext(profile: .aeadAES128GCM, keys: keys, direction: .outgoing)
    let header: [UInt8] = [
      0x92, 111, 0, 1, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0, 8, 0, 0, 0, 9, 0xBE, 0xDE, 0, 1, 16, 5, 0, 0,
    ]
    let sealed = try sender.protected(header + [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(sealed.starts(with: header))
    #expect(sealed[header.count..<header.count + 8] != [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test(arguments: SRTPProfile.allCases)
  func aRepeatedPacketIsRefused(profile: SRTPProfile) throws {
    let keys = try Self.pair(profile).keys
    var sender = try SRTPContext(profile: profile, keys: keys, direction: .outgoing)
    var receiver = try SRTPContext(profile: profile, keys: keys, direction: .incoming)
    let sealed = try (0..<200).map { try sender.protected(Packet.rtp(1_000 + $0)) }
    let report = try sender.protectedRTCP(Packet.rtcp())
    #expect(throws: SRTPError.replayed) { try sender.protected(Packet.rtp(1_150)) }
    _ = try receiver.unprotected(sealed[0])
    _ = try receiver.unprotected(sealed[199])
    // 128 back from the last is the window.
    _ = try receiver.unprotected(sealed[72])
    let before = receiver.sources
    #expect(throws: SRTPError.replayed) { try receiver.unprotected(sealed[199]) }
    #expect(throws: SRTPError.replayed) { try receiver.unprotected(sealed[72]) }
    #expect(throws: SRTPError.tooOld) { try receiver.unprotected(sealed[71]) }
    #expect(receiver.sources == before)
    _ = try receiver.unprotected(sealed[198])
    _ = try receiver.unprotectedRTCP(report)
    #expect(throws: SRTPError.replayed) { try receiver.unprotectedRTCP(report) }
  }

  @Test(arguments: SRTPProfile.allCases)
  func sequenceNumbersWrapUnderLossAndReordering(profile: SRTPProfile) throws {
    let keys = try Self.pair(profile).keys
    var sender = try SRTPContext(profile: profile, keys: keys, direction: .outgoing)
    var receiver = try SRTPContext(profile: profile, keys: keys, direction: .incoming)
    var random = RandomSource.seeded(7)
    var held: [(plain: [UInt8], sealed: [UInt8])] = []
    var taken = 0
    // Gaps bring it past three wraps in few packets.
    var sequence = 60_000
    while sequence < 60_000 + 3 * 65_536 {
      let plain = Packet.rtp(sequence)
      held.append((plain, try sender.protected(plain)))
      sequence += random.once(in: 9) ? random.inside(1...9_000) : 1
      if random.once(in: 10) { held.removeLast() }
      if held.count > 4 {
        let late = held.remove(at: random.below(held.count))
        let result = Result { try receiver.unprotected(late.sealed) }
        switch result {
        case .success(let plain):
          #expect(plain == late.plain)
          taken += 1
        // A jump can leave those before it behind the window.
        case .failure(let error): #expect(error as? SRTPError == .tooOld)
        }
      }
    }
    #expect(taken > 200)
    #expect(try #require(receiver.sources.first?.rtp.highest) >= 3 << 16)
    // A packet from before the wrap that comes after it.
    let last = sequence / 65_536 * 65_536 + 65_536
    var late = try SRTPContext(profile: profile, keys: keys, direction: .incoming)
    var early = try SRTPContext(profile: profile, keys: keys, direction: .outgoing)
    let packets = try (last - 3..<last + 3).map { try early.protected(Packet.rtp($0)) }
    for place in [0, 3, 1, 4, 2, 5] { _ = try late.unprotected(packets[place]) }
  }

  @Test(arguments: SRTPProfile.allCases)
  func anotherKeyAndAnyChangedBitFailToAuthenticate(profile: SRTPProfile) throws {
    let (keys, other) = try Self.pair(profile)
    var sender = try SRTPContext(profile: profile, keys: keys, direction: .outgoing)
    var receiver = try SRTPContext(profile: profile, keys: keys, direction: .incoming)
    var stranger = try SRTPContext(profile: profile, keys: other, direction: .incoming)
    let sealed = try sender.protected(Packet.rtp(1))
    let report = try sender.protectedRTCP(Packet.rtcp())
    #expect(throws: SRTPError.authentication) { try stranger.unprotected(sealed) }
    #expect(throws: SRTPError.authentication) { try stranger.unprotectedRTCP(report) }
    #expect(stranger.sourceCount == 0)
    for bit in 0..<sealed.count * 8 {
      var forged = sealed
      forged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: SRTPError.self, "bit \(bit)") { try receiver.unprotected(forged) }
    }
    for bit in 0..<report.count * 8 {
      var forged = report
      forged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: SRTPError.self, "bit \(bit)") { try receiver.unprotectedRTCP(forged) }
    }
    #expect(receiver.sourceCount == 0)
    _ = try receiver.unprotected(sealed)
    _ = try receiver.unprotectedRTCP(report)
  }

  @Test func authenticReportsInTheClearAreLetIn() throws {
    for profile in SRTPProfile.allCases {
      let keys = try Self.pair(profile).keys
      let transform = try SRTPTransform.rtcp(profile, SRTPKeyDerivation(keys))
      let plain = Packet.rtcp()
      var packet = plain + [UInt8](repeating: 0, count: profile.rtcpOverhead)
      let place = SRTPPlace(ssrc: 7, index: 5, header: plain.count, count: plain.count)
      var span = packet.mutableSpan
      switch transform {
      case .galois(let galois): try galois.seal(rtcp: &span, place, word: 5)
      case .counter(let counter): try counter.seal(rtcp: &span, place, word: 5, tag: profile.rtcpTagCount)
      }
      #expect(packet.starts(with: plain))
      var receiver = try SRTPContext(profile: profile, keys: keys, direction: .incoming)
      #expect(try receiver.unprotectedRTCP(packet) == plain)
      var forged = packet
      forged[12] ^= 1
      var fresh = try SRTPContext(profile: profile, keys: keys, direction: .incoming)
      #expect(throws: SRTPError.authentication) { try fresh.unprotectedRTCP(forged) }
    }
  }

  @Test func sourcesAreCapped() throws {
    let keys = try Self.pair(.aeadAES128GCM).keys
    var sender = try SRTPContext(profile: .aeadAES128GCM, keys: keys, direction: .outgoing)
    var receiver = try SRTPContext(profile: .aeadAES128GCM, keys: keys, direction: .incoming)
    let limit = UInt32(SRTPContext.maximumSources)
    for ssrc in 0..<limit { _ = try receiver.unprotected(try sender.protected(Packet.rtp(1, ssrc: ssrc))) }
    #expect(throws: SRTPError.tooManySources) { try sender.protected(Packet.rtp(1, ssrc: limit)) }
    #expect(throws: SRTPError.tooManySources) { try sender.protectedRTCP(Packet.rtcp(ssrc: limit)) }
    // Source 0 speaks again, so source 1 is the silent one.
    _ = try receiver.unprotected(try sender.protected(Packet.rtp(2, ssrc: 0)))
    var second = try SRTPContext(profile: .aeadAES128GCM, keys: keys, direction: .outgoing)
    _ = try receiver.unprotected(try second.protected(Packet.rtp(1, ssrc: limit)))
    #expect(receiver.evictedSources == 1)
    #expect(receiver.sourceCount == Int(limit))
    #expect(receiver.sources.map(\.ssrc).contains(0))
    #expect(!receiver.sources.map(\.ssrc).contains(1))
  }

  @Test func whatCannotBeProtectedIsRefused() throws {
    let keys = try Self.pair(.aes128CMSHA1Tag80).keys
    var sender = try SRTPContext(profile: .aes128CMSHA1Tag80, keys: keys, direction: .outgoing)
    var receiver = try SRTPContext(profile: .aes128CMSHA1Tag80, keys: keys, direction: .incoming)
    #expect(throws: SRTPError.tooShort) { try sender.protected(Array(Packet.rtp(1).prefix(11))) }
    #expect(throws: SRTPError.version) { try sender.protected([0x40] + Packet.rtp(1).dropFirst()) }
    #expect(throws: SRTPError.tooShort) { try sender.protected([0x8F] + Packet.rtp(1).dropFirst()) }
    #expect(throws: SRTPError.tooShort) { try sender.protectedRTCP([0x80, 201, 0, 0]) }
    #expect(throws: SRTPError.direction) { try receiver.protected(Packet.rtp(1)) }
    #expect(throws: SRTPError.direction) { try sender.unprotected(Packet.rtp(1)) }
    var packet = Packet.rtp(1)
    let count = packet.count
    #expect(throws: SRTPError.noRoom) {
      var span = packet.mutableSpan
      _ = try sender.protect(rtp: &span, count: count)
    }
    #expect(throws: SRTPError.tooLong) {
      var span = packet.mutableSpan
      _ = try receiver.unprotect(rtp: &span, count: count + 1)
    }
    #expect(throws: SRTPError.library) {
      _ = try SRTPContext(profile: .aeadAES256GCM, keys: keys, direction: .incoming)
    }
    #expect(sender.sourceCount == 0)
  }

  @Test func neitherRandomNorTruncatedPacketsTrapOrChangeState() throws {
    var random = RandomSource.seeded(42)
    for profile in SRTPProfile.allCases {
      let keys = try Self.pair(profile).keys
      var sender = try SRTPContext(profile: profile, keys: keys, direction: .outgoing)
      var receiver = try SRTPContext(profile: profile, keys: keys, direction: .incoming)
      let good = try sender.protected(Packet.rtp(9))
      let report = try sender.protectedRTCP(Packet.rtcp())
      _ = try receiver.unprotected(good)
      _ = try receiver.unprotectedRTCP(report)
      let before = receiver.sources
      let next = try sender.protected(Packet.rtp(10))
      for count in 0..<next.count {
        #expect(throws: SRTPError.self) { try receiver.unprotected(Array(next.prefix(count))) }
      }
      for count in 0..<report.count {
        #expect(throws: SRTPError.self) { try receiver.unprotectedRTCP(Array(report.prefix(count))) }
      }
      var accepted = 0
      for _ in 0..<6_250 {
        var noise = random.octets(random.below(96))
        if !noise.isEmpty, !random.once(in: 8) { noise[0] = 0x80 | noise[0] & 0x3F }
        if (try? receiver.unprotected(noise)) != nil { accepted += 1 }
        if (try? receiver.unprotectedRTCP(noise)) != nil { accepted += 1 }
      }
      // A tag of 32 bits is guessed once in 4,000,000,000 times; the seed does not.
      #expect(accepted == 0)
      #expect(receiver.sources == before)
      #expect(try receiver.unprotected(next) == Packet.rtp(10))
    }
  }

  @Test func keysAreNeverPrinted() {
    var random = RandomSource.seeded(3)
    let keys = SRTPKeys(profile: .aeadAES128GCM, using: &random)
    var dumped = ""
    dump(keys, to: &dumped)
    for text in ["\(keys)", String(reflecting: keys), dumped] {
      for octet in keys.keyAndSalt.prefix(4) { #expect(!text.contains("\(octet)"), "\(text)") }
    }
  }
}
