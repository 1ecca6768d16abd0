import Testing

@testable import Codecs

@Suite struct AMRPayloadTests {
  static let forms: [(AMRBand, Bool)] = [(.narrow, false), (.narrow, true), (.wide, false), (.wide, true)]

  /// A stored frame with random bits.
  private static func frame(_ type: Int, band: AMRBand, good: Bool = true, _ seed: inout SeededOctets) -> [UInt8] {
    let bits = band.frameBits(type) ?? 0
    var octets = [UInt8(type << 3) | (good ? 4 : 0)] + seed.octets((bits + 7) / 8)
    if bits % 8 != 0 { octets[octets.count - 1] &= 0xFF << UInt8(8 - bits % 8) }
    return octets
  }

  private static func pack(
    _ frames: [[UInt8]], request: Int = 15, band: AMRBand, octetAligned: Bool, room: Int = 1_500
  ) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0xFF, count: room)
    var output = buffer.mutableSpan
    guard
      var writer = AMRPayloadWriter(
        frames: frames.count, modeRequest: request, band: band, octetAligned: octetAligned, into: &output)
    else { return nil }
    for frame in frames { guard writer.append(frame.span, into: &output) else { return nil } }
    let count = writer.octets
    return Array(buffer[..<count])
  }

  private static func unpack(_ payload: [UInt8], band: AMRBand, octetAligned: Bool) -> (Int?, [[UInt8]])? {
    guard let read = AMRPayload(payload.span, band: band, octetAligned: octetAligned) else { return nil }
    let frames = (0..<read.count).map { index -> [UInt8] in
      var buffer = [UInt8](repeating: 0xFF, count: AMRPayload.maximumStoredFrame)
      var output = buffer.mutableSpan
      let count = read.copy(index, of: payload.span, into: &output)
      return Array(buffer[..<count])
    }
    return (read.modeRequest, frames)
  }

  @Test(arguments: forms) func everyFrameTypeGoesThereAndBackInEveryForm(_ band: AMRBand, _ octetAligned: Bool) throws {
    var seed = SeededOctets(seed: 4_867)
    for type in 0...15 where band.frameBits(type) != nil {
      for good in [true, false] {
        let frame = Self.frame(type, band: band, good: good, &seed)
        let payload = try #require(Self.pack([frame], request: type & 7, band: band, octetAligned: octetAligned))
        let bits = (octetAligned ? 16 : 10) + (band.frameBits(type) ?? 0)
        #expect(payload.count == (bits + 7) / 8)
        let (request, frames) = try #require(Self.unpack(payload, band: band, octetAligned: octetAligned))
        #expect(frames == [frame])
        #expect(request == type & 7)
        let parsed = AMRPayload(payload.span, band: band, octetAligned: octetAligned)
        let read = try #require(parsed)
        #expect(read.type(of: 0) == type)
        #expect(read.isGood(0) == good)
        #expect(read.isDecodable(0) == (good && type <= band.silenceType))
      }
    }
  }

  @Test(arguments: forms) func severalFramesGoThereAndBack(_ band: AMRBand, _ octetAligned: Bool) throws {
    var seed = SeededOctets(seed: 1)
    let types = (0...15).filter { band.frameBits($0) != nil }
    for _ in 0..<300 {
      let frames = (0...seed.number(below: 10)).map { _ in
        Self.frame(types[seed.number(below: types.count)], band: band, good: seed.next() & 1 == 0, &seed)
      }
      let payload = try #require(Self.pack(frames, band: band, octetAligned: octetAligned))
      let (request, read) = try #require(Self.unpack(payload, band: band, octetAligned: octetAligned))
      #expect(read == frames)
      #expect(request == nil)
      #expect(
        AMRPayload.duration(payload.span, band: band, octetAligned: octetAligned) == frames.count * band.frameSamples)
      // One octet less or more is no such payload.
      #expect(Self.unpack(payload.dropLast(), band: band, octetAligned: octetAligned) == nil)
      #expect(Self.unpack(payload + [0], band: band, octetAligned: octetAligned) == nil)
      #expect(Self.pack(frames, band: band, octetAligned: octetAligned, room: payload.count - 1) == nil)
      #expect(Self.pack(frames, band: band, octetAligned: octetAligned, room: payload.count) == payload)
    }
  }

  @Test func bitsLieWhereTheStandardDrawsThem() throws {
    // A SID frame of AMR (type 8, 39 bits) of ones, mode request 6.
    let ones = [0x44] + [UInt8](repeating: 0xFF, count: 4) + [0xFE]
    #expect(
      Self.pack([ones], request: 6, band: .narrow, octetAligned: false) == [0x64, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0x80])
    #expect(
      Self.pack([ones], request: 6, band: .narrow, octetAligned: true)
        == [0x60, 0x44, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE])
    // Two frames without data: F = 1 in the first entry alone.
    #expect(Self.pack([[0x7C], [0x7C]], band: .wide, octetAligned: false) == [0xFF, 0xDF])
    #expect(Self.pack([[0x7C], [0x7C]], band: .wide, octetAligned: true) == [0xF0, 0xFC, 0x7C])
  }

  @Test func typesThatMustNotComeSpoilThePayload() {
    for type in [9, 10, 11, 12, 13, 14] {
      #expect(Self.unpack([0xF0, UInt8(type << 3) | 4], band: .narrow, octetAligned: true) == nil)
    }
    for type in [10, 11, 12, 13] {
      #expect(Self.unpack([0xF0, UInt8(type << 3) | 4], band: .wide, octetAligned: true) == nil)
    }
    #expect(Self.unpack([0xF0, 14 << 3], band: .wide, octetAligned: true)?.1 == [[14 << 3]])
    #expect(Self.unpack([], band: .narrow, octetAligned: false) == nil)
    #expect(Self.unpack([0xF0], band: .narrow, octetAligned: true) == nil)
    // More than 200 ms, and requests for what is no mode.
    let many = [0xF0] + [UInt8](repeating: 0xFC, count: 10) + [0x7C]
    #expect(Self.unpack(many, band: .narrow, octetAligned: true) == nil)
    #expect(Self.unpack([0x80, 0x7C], band: .narrow, octetAligned: true)?.0 == nil)
    #expect(Self.unpack([0x80, 0x7C], band: .wide, octetAligned: true)?.0 == 8)
  }

  @Test func writersRefuseWhatTheyCannotPack() {
    #expect(Self.pack([], band: .narrow, octetAligned: true) == nil)
    #expect(Self.pack([[UInt8]](repeating: [0x7C], count: 11), band: .narrow, octetAligned: true) == nil)
    #expect(Self.pack([[]], band: .narrow, octetAligned: true) == nil)
    #expect(Self.pack([[0x3C, 1, 2]], band: .narrow, octetAligned: true) == nil)
    #expect(Self.pack([[0x64]], band: .narrow, octetAligned: true) == nil)
    #expect(Self.pack([[0x7C]], band: .narrow, octetAligned: true, room: 0) == nil)
  }

  @Test(arguments: forms) func anyOctetsAreReadOrRefused(_ band: AMRBand, _ octetAligned: Bool) {
    var seed = SeededOctets(seed: 3)
    var read = 0
    for number in 0..<10_000 {
      var payload = seed.octets(seed.number(below: number % 10 == 0 ? 1_600 : 70))
      // Mostly one frame of a type that there is, with its length.
      if number % 3 == 0, payload.count > 2, let bits = band.frameBits(number % 9) {
        payload[0] = octetAligned ? payload[0] : payload[0] & 0xF0 | UInt8(number % 9) >> 1
        payload[1] = octetAligned ? UInt8(number % 9) << 3 | 4 : UInt8(number % 9 & 1) << 7 | payload[1] & 0x7F
        let length = (bits + (octetAligned ? 16 : 10) + 7) / 8
        payload = Array((payload + seed.octets(length)).prefix(length))
      }
      guard let (request, frames) = Self.unpack(payload, band: band, octetAligned: octetAligned) else { continue }
      read += 1
      // What was read can be written and read again.
      let again = Self.pack(frames, request: request ?? 15, band: band, octetAligned: octetAligned)
      #expect(again?.count == payload.count)
      if let again { #expect(Self.unpack(again, band: band, octetAligned: octetAligned)?.1 == frames) }
    }
    #expect(read > 2_000)
  }

  @Test func readsAndWritesTheParametersOfSDP() {
    let text =
      "octet-align=1;mode-set=0,2,5,7;mode-change-period=2;mode-change-capability=2;mode-change-neighbor=1;max-red=0"
    let parameters = AMRParameters(fmtp: text)
    #expect(parameters.octetAligned)
    #expect(parameters.modes == [0, 2, 5, 7])
    #expect(parameters.modeChangePeriod == 2)
    #expect(parameters.canKeepToPeriod)
    #expect(parameters.onlyNeighbours)
    #expect(parameters.maximumRedundancy == 0)
    #expect(!parameters.needsWhatIsNotSpoken)
    #expect(parameters.fmtp == text)
    #expect(AMRParameters(fmtp: " Mode-Set = 7, 2 ,2,99; OCTET-ALIGN=1").modes == [2, 7])
    #expect(AMRParameters(fmtp: "mode-set=;octet-align=2;mode-change-period=9;;=;x") == AMRParameters())
    #expect(AMRParameters().fmtp.isEmpty)
    for unspoken in ["crc=1", "robust-sorting=1", "interleaving=30"] {
      #expect(AMRParameters(fmtp: unspoken).needsWhatIsNotSpoken)
    }
    #expect(!AMRParameters(fmtp: "crc=0;robust-sorting=0").needsWhatIsNotSpoken)
  }

  @Test func modesKeepToWhatBothSidesWant() {
    var control = AMRModeControl(band: .narrow, parameters: AMRParameters(), mode: 7)
    #expect(control.next() == 7)
    control.receive(.mode(3))
    #expect(control.next() == 3)
    control.receive(.mode(15))
    control.receive(.mode(-1))
    #expect(control.next() == 3)
    control.set(limit: 1)
    #expect(control.next() == 1)
    control.receive(.best)
    control.set(limit: 99)
    #expect(control.next() == 7)

    control = AMRModeControl(band: .wide, parameters: AMRParameters(fmtp: "mode-set=1,2,5"), mode: 4)
    #expect(control.next() == 2)
    control.receive(.best)
    control.set(limit: 8)
    #expect(control.next() == 5)
    control.set(limit: 0)
    #expect(control.next() == 1)

    // The two highest modes of AMR-WB are never sent.
    control = AMRModeControl(band: .wide, parameters: AMRParameters(), mode: 8)
    #expect(control.next() == 6)
    control.receive(.mode(2))
    #expect(control.next() == 2)
    control.receive(.best)
    #expect(control.next() == 6)
    #expect(!AMRParameters(fmtp: "mode-set=7,8").isSpoken(band: .wide))
    #expect(AMRParameters(fmtp: "mode-set=7,8").isSpoken(band: .narrow))
    #expect(!AMRParameters(fmtp: "mode-set=8").isSpoken(band: .narrow))
    #expect(!AMRParameters(fmtp: "crc=1").isSpoken(band: .narrow))
  }

  @Test func requestsForTheBestModeAreAsNoneAndThoseForOthersAreIgnored() {
    func request(_ value: Int, _ band: AMRBand = .narrow, _ fmtp: String = "") -> AMRModeRequest? {
      AMRModeRequest(value, band: band, parameters: AMRParameters(fmtp: fmtp))
    }
    #expect((0...7).map { request($0) } == (0...6).map { .mode($0) } + [.best])
    #expect((8...14).allSatisfy { request($0) == nil })
    #expect(request(15) == .best)
    #expect(request(-1) == nil)
    // AMR-WB is sent in mode 6 at best.
    #expect((0...8).map { request($0, .wide) } == (0...5).map { .mode($0) } + [.best, .best, .best])
    #expect((9...14).allSatisfy { request($0, .wide) == nil })
    // Within a set.
    #expect((0...4).map { request($0, .narrow, "mode-set=1,3") } == [nil, .mode(1), nil, .best, nil])
    #expect(request(15, .narrow, "mode-set=1,3") == .best)
    #expect(request(7, .wide, "mode-set=1,7") == .best)
    #expect(request(8, .wide, "mode-set=1,7") == nil)
  }

  @Test func modesChangeByNeighboursAndPeriods() {
    var parameters = AMRParameters(fmtp: "mode-set=0,2,5,7;mode-change-neighbor=1")
    var control = AMRModeControl(band: .narrow, parameters: parameters, mode: 0)
    #expect(control.next() == 0)
    control.set(limit: 7)
    #expect((0..<4).map { _ in control.next() } == [2, 5, 7, 7])
    control.set(limit: 1)
    #expect((0..<4).map { _ in control.next() } == [5, 2, 0, 0])

    parameters.modeChangePeriod = 2
    control = AMRModeControl(band: .narrow, parameters: parameters, mode: 0)
    #expect(control.next() == 0)
    control.set(limit: 7)
    #expect((0..<7).map { _ in control.next() } == [0, 2, 2, 5, 5, 7, 7])

    // Whoever takes a stream over begins where it is.
    control = AMRModeControl(band: .narrow, parameters: parameters, mode: 7)
    control.receive(.mode(2))
    #expect(control.next() == 2)
  }

  @Test func bitRatesNameTheModes() {
    #expect(AMRBand.narrow.mode(bitRate: 12_200) == 7)
    #expect(AMRBand.narrow.mode(bitRate: 12_199) == 6)
    #expect(AMRBand.narrow.mode(bitRate: 0) == 0)
    #expect(AMRBand.wide.mode(bitRate: 12_650) == 2)
    #expect(AMRBand.wide.mode(bitRate: 64_000) == 6)
    #expect(AMRBand(sampleRate: 48_000) == nil)
  }
}
