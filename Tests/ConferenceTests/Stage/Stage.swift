import Audio
import CVirtualTime
import Codecs
import Conference
import Primitives
import RTP
import TestSupport

/// A room in virtual time with its members, the network between them and all that came out.
final class Stage {
  static let tick: Int64 = 20

  var room: Room
  var network: VirtualNetwork
  private(set) var now = Instant.zero
  private(set) var events: [RoomEvent] = []
  private(set) var eventTimes: [Instant] = []
  private(set) var files = RecordedOctets()
  /// Datagrams to addresses where no member is.
  private(set) var strays: [TransportAddress: Int] = [:]
  /// Octets and datagrams that went out in all.
  private(set) var octetsOut = 0
  private(set) var datagramsOut = 0
  private(set) var encodings: [Int] = []
  private(set) var decodings: [Int] = []
  private(set) var members: [VirtualMember] = []
  /// Takes what the recordings write, unless the disk is to be slow.
  var takesWrites = true
  private var queue = DatagramQueue()
  /// DTLS looks at the system's clock, which is turned with ours then.
  private var isSecure: Bool { members.contains { $0.browser != nil } }
  private let server = TransportAddress(.v4(0xC000_0201), port: 20_000)

  init(_ plan: RoomPlan = RoomPlan(), seed: UInt64 = 1) {
    room = Room(id: RoomID(1), plan: plan, random: .seeded(seed))
    network = VirtualNetwork(seed: seed &+ 99)
  }

  deinit { trialogue_set_virtual_time(-1) }

  /// Where a leg's datagrams go to; its number is in the address.
  func port(of leg: LegID, channel: MediaChannel = .rtp) -> TransportAddress {
    TransportAddress(
      .v4(0xC000_0000 | UInt32(truncatingIfNeeded: leg.rawValue)), port: channel == .rtp ? 20_000 : 20_001)
  }

  @discardableResult
  func join(_ member: VirtualMember, admitted: Bool = true) -> VirtualMember {
    members.append(member)
    member.begin(at: now)
    room.addLeg(member.leg, at: now)
    agree(member)
    if admitted { apply(.admit(member.leg)) }
    return member
  }

  /// The member's plan as it is now is agreed.
  func agree(_ member: VirtualMember) { apply(.setLegPlan(member.leg, LegPlan(audio: member.plan))) }

  func leave(_ member: VirtualMember) {
    apply(.removeLeg(member.leg))
    members.removeAll { $0 === member }
  }

  /// The member is known elsewhere: its datagrams no longer come here.
  func forget(_ member: VirtualMember) { members.removeAll { $0 === member } }

  func adopt(_ member: VirtualMember) { members.append(member) }

  func apply(_ command: RoomCommand) {
    room.apply(command, at: now)
    drain()
  }

  /// Hands a datagram to the room as if it had come just now.
  func inject(
    _ octets: [UInt8], to leg: LegID, from source: TransportAddress, channel: MediaChannel = .rtp
  ) {
    guard let slot = room.slot(of: leg) else { return }
    room.receive(octets.span, channel: channel, slot: slot, from: source, at: now)
    drain()
  }

  func run(seconds: Double) { run(ticks: Int((seconds * 50).rounded())) }

  func run(ticks: Int, each body: (Int) -> Void = { _ in }) {
    for tick in 0..<ticks {
      body(tick)
      step(milliseconds: Self.tick)
    }
  }

  /// Time passes without a tick, as in a stall.
  func stall(milliseconds: Int64) { advance(milliseconds: milliseconds) }

  func step(milliseconds: Int64) {
    advance(milliseconds: milliseconds)
    room.tick(at: now, into: &queue)
    encodings.append(room.encodings)
    decodings.append(room.decodings)
    deliver()
    drain()
  }

  private func advance(milliseconds: Int64) {
    now = now.advanced(byMilliseconds: milliseconds)
    if isSecure { trialogue_set_virtual_time(now.nanoseconds + 1_700_000_000_000_000_000) }
    for member in members { member.speak(until: now, to: port(of: member.leg), over: &network) }
    while let datagram = network.next(by: now) {
      guard case .v4(let bits) = datagram.destination.ip, let slot = room.slot(of: LegID(UInt64(bits & 0xFF_FFFF)))
      else { continue }
      let channel = datagram.destination.port == 20_000 ? MediaChannel.rtp : .rtcp
      room.receive(datagram.octets.span, channel: channel, slot: slot, from: datagram.source, at: datagram.arrival)
      if room.isUrgent {
        room.sendUrgent(into: &queue)
        deliver()
      }
    }
  }

  private func deliver() {
    for entry in queue.entries {
      octetsOut += entry.count
      datagramsOut += 1
      let member = members.first { member in
        if member.leg == entry.leg, entry.destination == member.browser?.wanted { return true }
        return member.leg == entry.leg && entry.destination.ip == member.address.ip
          && (entry.destination.port == member.address.port || entry.destination.port == member.address.port + 1)
      }
      guard let member else {
        strays[entry.destination, default: 0] += 1
        continue
      }
      member.receive(queue.datagram(entry), at: entry.destination, now: now)
    }
    queue.removeAll()
  }

  private func drain() {
    while let event = room.nextEvent() {
      events.append(event)
      eventTimes.append(now)
    }
    guard takesWrites else { return }
    while let write = room.nextWrite() { files.take(write) }
  }

  func clearEvents() {
    events.removeAll()
    eventTimes.removeAll()
  }

  // What the room has said.

  var rates: [Int] { events.compactMap { if case .sampleRateChanged(let rate) = $0 { rate } else { nil } } }

  func digits(of member: VirtualMember) -> String {
    String(
      events.compactMap {
        if case .digit(let leg, let digit, _) = $0, leg == member.leg { digit.character } else { nil }
      })
  }

  /// When the member was said to talk or not, in milliseconds.
  func talking(_ member: VirtualMember) -> [(at: Int, isTalking: Bool)] {
    zip(events, eventTimes).compactMap { event, time in
      if case .talking(let leg, let isOn) = event, leg == member.leg {
        (Int(time.nanoseconds / 1_000_000), isOn)
      } else {
        nil
      }
    }
  }

  func has(_ matches: (RoomEvent) -> Bool) -> Bool { events.contains(where: matches) }
  func count(_ matches: (RoomEvent) -> Bool) -> Int { events.count { matches($0) } }

  /// The room's own figures about a member.
  func statistics(of member: VirtualMember) -> LegStatistics {
    apply(.reportStatistics)
    for event in events.reversed() {
      if case .statistics(let all) = event, let found = all.first(where: { $0.leg == member.leg }) { return found }
    }
    return LegStatistics(leg: member.leg)
  }
}
