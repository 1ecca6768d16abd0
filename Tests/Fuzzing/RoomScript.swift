import Audio
import Codecs
import Conference
import Primitives
import RTP
import TestSupport

/// Carries out one script of `RoomFuzzing`.
struct RoomScript {
  private struct Member {
    var leg: LegID
    var slot: Int
    var format: PayloadFormat
    var address: TransportAddress
    var sequence: UInt16
    var timestamp: UInt32
    var ssrc: UInt32
  }

  private(set) var outcome = FuzzOutcome.accepted
  private var room: Room
  private var members: [Member] = []
  private var now = Instant(nanoseconds: 1_000_000_000)
  private var queue = DatagramQueue(octets: 1 << 14, datagrams: 64)
  private var nextLeg: UInt64 = 1
  private let packets: [[UInt8]]
  private var script: ArraySlice<UInt8> = []
  private static let stranger = TransportAddress(.v4(0xCB00_7109), port: 9)
  private static let formats = [
    PayloadFormat(payloadType: 0, format: .pcmu), PayloadFormat(payloadType: 111, format: .opus),
    PayloadFormat(payloadType: 9, format: .g722), PayloadFormat(payloadType: 97, format: .l16(16_000)),
  ]

  init(random: inout RandomSource, packets: [[UInt8]]) {
    self.packets = packets
    let plan = RoomPlan(
      kind: random.once(in: 8) ? .echo : .conference, maximumSampleRate: [8_000, 16_000, 48_000][random.below(3)],
      opusComplexity: 0, maximumTalkers: random.inside(1...3), inactivityTimeout: 2_000)
    room = Room(id: RoomID(1), plan: plan, random: .seeded(random.next()))
    for index in 0..<4 { join(index) }
  }

  mutating func run(_ input: [UInt8], random: inout RandomSource) throws(FuzzFailure) {
    script = input[...]
    while let octet = script.popFirst() {
      let index = Int(octet) & 3
      switch octet {
      case 0..<96: for _ in 0...(take() & 15) { speak(index) }
      case 96..<144:
        let count = take()
        let datagram = Array(script.prefix(count))
        script = script.dropFirst(count)
        receive(datagram, index, octet)
      case 144..<176:
        guard var datagram = random.one(of: packets) else { continue }
        datagram = packets[take(2) % packets.count]
        let bit = take(2)
        if !datagram.isEmpty { datagram[bit / 8 % datagram.count] ^= 1 << UInt8(bit & 7) }
        receive(datagram, index, octet)
      case 176..<224: try tick()
      case 224..<232:
        now = now.advanced(byMilliseconds: Int64(take(2)))
        try tick()
      case 232..<240: command(take(), index)
      default: report(take(), index)
      }
    }
    for _ in 0..<3 { try tick() }
    room.close(at: now)
    for _ in 0..<2 { try tick() }
    try FuzzFailure.unless(room.isEmpty, "a closed room is empty after its goodbyes")
  }

  private mutating func take() -> Int { Int(script.popFirst() ?? 0) }
  private mutating func take(_ count: Int) -> Int { (0..<count).reduce(0) { value, _ in value << 8 | take() } }

  private mutating func join(_ index: Int) {
    let leg = LegID(nextLeg)
    nextLeg += 1
    let format = Self.formats[index & 3]
    let address = TransportAddress(.v4(0xC633_6400 | UInt32(index)), port: 4_000)
    let slot = room.addLeg(leg, at: now)
    room.apply(.setLegPlan(leg, plan(format, address)), at: now)
    if index != 3 { room.apply(.admit(leg), at: now) }
    members.append(
      Member(leg: leg, slot: slot, format: format, address: address, sequence: 65_530, timestamp: 0xFFFF_FE00, ssrc: 77)
    )
  }

  private func plan(_ format: PayloadFormat, _ address: TransportAddress) -> LegPlan {
    LegPlan(
      audio: AudioPlan(
        send: format, receive: [format] + Self.formats.filter { $0 != format },
        telephoneEvent: TelephoneEventPlan(payloadType: 101, clockRate: 8_000), comfortNoise: 13, remote: address,
        remoteRTCP: address, rtcpMux: true, audioLevelExtension: 1))
  }

  private mutating func speak(_ index: Int) {
    let format = members[index].format.format
    let count = format.codec == .opus ? 40 : format.codec == .l16 ? 640 : 160
    let packet = Seeds.packet(
      type: members[index].format.payloadType, sequence: members[index].sequence, timestamp: members[index].timestamp,
      ssrc: members[index].ssrc, payload: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) })
    members[index].sequence &+= 1
    members[index].timestamp &+= UInt32(format.clockRate / 50)
    receive(packet, index, 0)
  }

  /// The bits of `flags` say by which port and from where a datagram comes.
  private mutating func receive(_ datagram: [UInt8], _ index: Int, _ flags: UInt8) {
    var address = members[index].address
    if flags & 12 == 12 { address = Self.stranger }
    if flags & 12 == 8 { address.port += 2 }
    room.receive(
      datagram.span, channel: flags & 16 == 0 ? .rtp : .rtcp, slot: members[index].slot, from: address, at: now)
  }

  private mutating func report(_ kind: Int, _ index: Int) {
    let ssrc = members[index].ssrc
    let packet: RTCPPacket =
      switch kind & 3 {
      case 0: .senderReport(SenderReport(ssrc: ssrc, ntp: .max, timestamp: 1, packetCount: 2, octetCount: 3))
      case 1: .receiverReport(ReceiverReport(ssrc: ssrc))
      case 2: .bye(Goodbye(ssrcs: [ssrc]))
      default: .extendedReport(ExtendedReport(ssrc: ssrc, blocks: [.voipMetrics(VoIPMetricsBlock(ssrc: ssrc))]))
      }
    receive(RTCPCompound.encode([packet]), index, 0)
  }

  private mutating func command(_ which: Int, _ index: Int) {
    let leg = members[index].leg
    let command: RoomCommand
    switch which & 31 {
    case 0: command = .setMuted(leg, true)
    case 1: command = .setDeaf(leg, which & 32 == 0)
    case 2: command = .setMasked(leg, true)
    case 3: command = .setListeningGain(leg, [.nan, .infinity, -.infinity, 1e30][which >> 6])
    case 4: command = .setTalkingGain(leg, [.nan, .infinity, -.infinity, 1e30][which >> 6])
    case 5: command = .sendDigits(leg, DTMFDigit.allCases)
    case 6: command = .admit(leg)
    case 7, 8:
      members[index].format = Self.formats[(which >> 5) & 3]
      command = .setLegPlan(leg, plan(members[index].format, members[index].address))
    case 9: command = .setPlan(RoomPlan(opusComplexity: 1, maximumTalkers: which >> 6))
    case 10, 11:
      let clip = AudioClip(samples: (0..<900).map { Int16($0 * 30) }, sampleRate: [8_000, 16_000, 48_000][which % 3])
      command = .play(
        PlayPlan(
          id: PlayID(UInt64(which)), clips: which & 64 == 0 ? [clip, clip] : [],
          audience: which & 32 == 0 ? .everyone : .member(leg), loops: which & 128 == 0, stopsOnDigit: true))
    case 12: command = .stopPlays(.everyone)
    case 13: command = .stopPlays(.member(leg))
    case 14, 15:
      command = .startRecording(
        RecordingPlan(
          id: RecordingID("r\(which >> 6)"), directory: "d", format: which & 32 == 0 ? .wav : .opus, tracks: true,
          sampleRate: [8_000, 16_000, 48_000][which % 3]))
    case 16: command = .pauseRecording(RecordingID("r\(which >> 6)"))
    case 17: command = .resumeRecording(RecordingID("r\(which >> 6)"))
    case 18: command = .stopRecording(RecordingID("r\(which >> 6)"))
    case 19: command = .removeLeg(leg)
    case 20:
      // Gone and back, as in a move between rooms.
      guard let taken = room.extractLeg(leg, at: now) else { return }
      members[index].slot = room.insertLeg(taken, at: now)
      return
    case 21:
      members[index].ssrc &+= 1
      return
    case 22:
      members[index].sequence &+= UInt16(truncatingIfNeeded: which * 401)
      return
    default: command = .reportStatistics
    }
    outcome.add(which & 31)
    room.apply(command, at: now)
  }

  private mutating func tick() throws(FuzzFailure) {
    now = now.advanced(byMilliseconds: Room.tickTime)
    room.tick(at: now, into: &queue)
    outcome.add(queue.count)
    outcome.add(room.encodings)
    outcome.add(room.decodings)
    // A packet of audio or a key, two at most in one tick, and a report for each member.
    try FuzzFailure.unless(
      queue.count <= 5 * members.count, "a tick sends no more than its members need", "\(queue.count)")
    for entry in queue.entries {
      try FuzzFailure.unless(Self.isWellFormed(queue.datagram(entry)), "what a room sends is RTP or RTCP")
      try FuzzFailure.unless(entry.destination.port != 0, "what a room sends goes somewhere")
    }
    queue.removeAll()
    var events = 0
    while let event = room.nextEvent() {
      events += 1
      if case .digit = event { outcome.add(1_000) }
      if case .recordingFailed = event { outcome.add(1_001) }
      try FuzzFailure.unless(events < 4_096, "events come to an end")
    }
    var writes = 0
    while let write = room.nextWrite() {
      writes += 1
      if case .open(let recording, _) = write { room.recordingOutcome(.opened(recording)) }
      try FuzzFailure.unless(writes < 4_096, "writes come to an end")
    }
  }

  private static func isWellFormed(_ datagram: Span<UInt8>) -> Bool {
    switch PacketKind.classify(datagram) {
    case .rtp: (try? RTPHeader.parse(datagram)) != nil
    case .rtcp: (try? RTCPCompound.parse(datagram)) != nil
    case .stun, .dtls, .other: false
    }
  }
}
