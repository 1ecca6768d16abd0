import CAllocations
import Codecs
import Conference
import Foundation
import Primitives
import RTP
import SecureRTP

/// One room without sockets, with talkers and listeners whose packets were made beforehand: for measuring what it costs.
package struct RoomLoad {
  package struct Result: CustomStringConvertible {
    package var name: String
    package var members: Int
    package var talkers: Int
    package var isFromAll: Bool
    /// Microseconds of processor time for a tick, and for taking the packets that came for it.
    package var tick = 0.0
    package var receive = 0.0
    package var encodings = 0.0
    package var decodings = 0.0
    package var packetsTaken = 0
    package var packetsSent = 0
    /// RTCP datagrams, and encoders that were forked: these may allocate.
    package var reports = 0
    package var forks = 0
    package var allocations: Int64 = 0
    /// Blocks of memory that the room holds more than at the beginning.
    package var growth: Int64 = 0
    /// Ticks with neither of these that allocated all the same.
    package var allocatingTicks = 0
    package var ticks = 0

    package var description: String {
      let packets = isFromAll ? "all" : "talkers"
      let place = String(
        format: "%@ %7d %7d %@ ", name.padding(toLength: 6, withPad: " ", startingAt: 0), members, talkers,
        packets.padding(toLength: 7, withPad: " ", startingAt: 0))
      return place
        + String(
          format: "| %8.1f %9.1f %10.3f | %9.2f %9.2f | %6lld in %d reports, %d forks; %d ticks", tick, receive,
          (tick + receive) / Double(members), encodings, decodings, allocations, reports, forks, allocatingTicks)
    }
  }

  private var room: Room
  private var queue = DatagramQueue(octets: 1 << 22, datagrams: 4_096)
  private var senders: [PacketLoop] = []
  /// What the senders send in a tick: the packets in turn, each at its sender's place.
  private var wire: [UInt8] = []
  private var packet = [UInt8](repeating: 0, count: RoomLoad.stride)
  private var counts: [Int] = []
  /// Octets of a packet at most.
  private static let stride = 512
  private var now = Instant.zero
  private var tick = 0
  private let name: String
  private let talkers: Int
  private let isFromAll: Bool

  /// - Parameters:
  ///   - profile: SRTP protects all media.
  ///   - isFromAll: the listeners send silence; else nothing after their first second.
  ///   - relays: two members who are silent at first are passed on to each other.
  ///   - mixes: every second member speaks Opus, and the talkers change all the time.
  package init(
    name: String, format: CodecFormat, members: Int, talkers: Int, isFromAll: Bool, mixes: Bool = false,
    profile: SRTPProfile? = nil, relays: Bool = false
  ) {
    room = Room(id: RoomID(1), plan: RoomPlan(relays: relays), random: .seeded(1))
    self.name = name
    self.talkers = talkers
    self.isFromAll = isFromAll
    for index in 0..<members {
      let format = mixes && index % 2 == 1 ? CodecFormat.opus : format
      let talk: PacketLoop.Talk = mixes ? .spurt(index) : index < talkers ? .steady : .silence
      add(index, format, talk, profile)
    }
    wire = Array(repeating: 0, count: members * Self.stride)
    counts = Array(repeating: 0, count: members)
  }

  private mutating func add(_ index: Int, _ format: CodecFormat, _ talk: PacketLoop.Talk, _ profile: SRTPProfile?) {
    let type: UInt8 = format.codec == .opus ? 111 : format.codec == .g722 ? 9 : 0
    let address = TransportAddress(.v4(0x0A00_0000 | UInt32(index)), port: 4_000)
    let leg = LegID(UInt64(index + 1))
    let slot = room.addLeg(leg, at: now)
    let payload = PayloadFormat(payloadType: type, format: format)
    let shield = profile.flatMap { PacketShield($0, seed: UInt64(index + 1)) }
    let plan = AudioPlan(
      send: payload, receive: [payload],
      telephoneEvent: TelephoneEventPlan(payloadType: 101, clockRate: format.clockRate), remote: address,
      security: shield?.security ?? .none)
    room.apply(.setLegPlan(leg, LegPlan(audio: plan)), at: now)
    room.apply(.admit(leg), at: now)
    senders.append(
      PacketLoop(
        number: index, slot: slot, address: address, payloadType: type, format: format, talk: talk,
        sends: isFromAll || index < talkers, shield: shield))
  }

  /// Runs `warmUp` ticks that do not count, and `ticks` that do.
  package mutating func run(ticks: Int, warmUp: Int = 150) -> Result {
    var result = Result(name: name, members: senders.count, talkers: talkers, isFromAll: isFromAll)
    var ignored = result
    for _ in 0..<warmUp { step(&ignored) }
    let live = trialogue_live_blocks()
    for _ in 0..<ticks { step(&result) }
    result.growth = trialogue_live_blocks() - live
    result.ticks = ticks
    let scale = 1 / Double(max(ticks, 1))
    result.tick *= scale
    result.receive *= scale
    result.encodings *= scale
    result.decodings *= scale
    return result
  }

  private mutating func step(_ result: inout Result) {
    prepare()
    let forks = room.forks
    let allocations = trialogue_allocations()
    let start = Self.time()
    let taken = receive()
    let middle = Self.time()
    room.tick(at: now, into: &queue)
    let end = Self.time()
    let allocated = trialogue_allocations() - allocations
    while room.nextEvent() != nil {}
    var reports = 0
    for entry in queue.entries where entry.channel == .rtcp { reports += 1 }
    result.receive += middle - start
    result.tick += end - middle
    result.encodings += Double(room.encodings)
    result.decodings += Double(room.decodings)
    result.packetsTaken += taken
    result.packetsSent += queue.count
    result.reports += reports
    result.forks += room.forks - forks
    result.allocations += allocated
    if allocated > 0, reports == 0, room.forks == forks { result.allocatingTicks += 1 }
    queue.removeAll()
    tick += 1
    now = now.advanced(byMilliseconds: 20)
  }

  /// Writes what comes in this tick: the senders' work is no part of the room's.
  private mutating func prepare() {
    for index in senders.indices {
      counts[index] = 0
      // Everybody sends for a second: who never does is sent nothing.
      guard senders[index].sends || tick < 50 else { continue }
      let count = senders[index].write(tick, into: &packet)
      counts[index] = count
      for octet in 0..<count { wire[index * Self.stride + octet] = packet[octet] }
    }
  }

  private mutating func receive() -> Int {
    // Out of the struct and back, so that the room and the packets can be reached at once.
    var octets: [UInt8] = []
    swap(&octets, &wire)
    var taken = 0
    for index in senders.indices where counts[index] > 0 {
      let start = index * Self.stride
      let datagram = octets.span.extracting(start..<start + counts[index])
      room.receive(datagram, channel: .rtp, slot: senders[index].slot, from: senders[index].address, at: now)
      taken += 1
    }
    swap(&octets, &wire)
    return taken
  }

  /// Microseconds of this thread's processor time.
  private static func time() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) * 1e-3
  }
}
