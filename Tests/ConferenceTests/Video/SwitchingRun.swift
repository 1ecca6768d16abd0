import Primitives
import RTP
import Testing

@testable import Conference

/// Two senders, one watcher that is shown now this, now that layer of one of them, and a network that loses and reorders.
struct SwitchingRun {
  private static let ssrc: UInt32 = 0xABCD

  let weather: ForwardingTests.Weather
  var random: RandomSource
  var senders: [VideoSender]
  var forwarder: Forwarder
  var packets: [WatchedPacket] = []
  var fillers = 0
  var begins = 0
  var lost = 0
  var gaps = 0
  /// Packets that came to the forwarder, by sender, layer and sequence number.
  private var arrived: Set<Int> = []
  private var hurt: Set<Int> = []
  /// Packets held back: when they were sent and when they come, in steps of the run.
  private var delayed: [(sent: Int, due: Int, packet: VideoSender.Packet)] = []
  /// Steps in which the watcher was shown another publisher, and in which another stream began.
  private var moves: [Int] = []
  private var begun: [Int] = []

  init(_ weather: ForwardingTests.Weather) {
    self.weather = weather
    random = .seeded(weather.seed)
    senders = (0..<2).map {
      VideoSender(id: UInt8($0), isShort: weather.isShort, seed: weather.seed * 10 + UInt64($0))
    }
    forwarder = Forwarder(ssrc: 1, random: .seeded(weather.seed), historyOctets: 1 << 14)
  }

  mutating func play(switches: Int) throws {
    for index in senders.indices {
      senders[index].keyFrameOdds = 40
      let plan = PublisherPlan(
        codec: .vp8, payloadType: 96, layers: VideoSender.rids.compactMap { StreamLabel($0) },
        extensions: VideoExtensions(rid: VideoSender.ridExtension))
      forwarder.publish(LegID(UInt64(index)), plan)
    }
    let opened = forwarder.openView(LegID(99), ViewPlan(payloadType: 120, ssrc: Self.ssrc))
    let view = try #require(opened)
    var numbers: [UInt32: Extended<UInt16>] = [:]
    var step = 0
    var shown: (UInt8, UInt8)?
    var leg: UInt64 = 0
    while begins < switches, step < 20_000 {
      let now = Instant(nanoseconds: Int64(step) * 33_000_000)
      if random.next() % 10 == 0 {
        // Another publisher now and then, other layers mostly, a pause sometimes.
        let before = leg
        if random.next() % 3 == 0 { leg = random.next() % 2 }
        if leg != before { moves.append(step) }
        let layers = LayerSelector.Layers(stream: Int(random.next() % 3), temporal: UInt8(random.next() % 3))
        forwarder.show(LegID(leg), in: view, layers: random.next() % 8 == 0 ? nil : layers, at: now)
      }
      for packet in network(step) {
        var octets = packet.octets
        var span = octets.mutableSpan
        forwarder.receive(&span, from: LegID(UInt64(packet.tag.sender)), at: now)
      }
      forwarder.timeout(at: now)
      for request in forwarder.requests {
        KeyFrameRequest.read(request.feedback) { media, _ in
          for index in senders.indices { senders[index].request(media) }
        }
      }
      forwarder.requests.removeAll()
      for packet in try WatchedPacket.drain(&forwarder, &numbers) {
        packets.append(packet)
        guard let tag = packet.tag else {
          fillers += 1
          continue
        }
        if packet.isKey, shown.map({ $0 != (tag.sender, tag.layer) }) ?? true {
          begins += 1
          begun.append(step)
        }
        if packet.isKey { shown = (tag.sender, tag.layer) }
      }
      step += 1
    }
    packets.sort { $0.sequence < $1.sequence }
  }

  /// What comes in this step: the senders' next pictures, without what is lost and with what was held back.
  private mutating func network(_ step: Int) -> [VideoSender.Packet] {
    var coming: [VideoSender.Packet] = []
    for index in senders.indices {
      for layer in senders[index].layers.indices {
        for packet in senders[index].picture(layer) {
          if random.next() % 100 < weather.loss {
            lost += 1
          } else if random.next() % 100 < weather.reorder {
            delayed.append((step, step + 1 + Int(random.next() % 2), packet))
          } else {
            arrived.insert(key(packet.tag, packet.sequence))
            coming.append(packet)
          }
        }
      }
    }
    if weather.reorder > 0 {
      // Within a step too.
      for index in coming.indices where random.next() % 100 < weather.reorder {
        coming.swapAt(index, min(coming.count - 1, index + 1))
      }
    }
    for late in delayed where late.due <= step {
      coming.append(late.packet)
      // Who was shown something else meanwhile does not get it any more.
      if !moves.contains(where: { $0 > late.sent && $0 <= step }), begun.filter({ $0 >= late.sent }).count < 2 {
        arrived.insert(key(late.packet.tag, late.packet.sequence))
      }
    }
    delayed.removeAll { $0.due <= step }
    return coming
  }

  private func key(_ tag: VideoSender.Tag, _ number: Int) -> Int {
    (Int(tag.sender) * 4 + Int(tag.layer)) << 32 | number
  }

  /// No number twice; a number is missing only where a packet of the source never came.
  mutating func checkSequences() {
    var places: [VideoSender.Tag: Int] = [:]
    for sender in senders {
      for layer in sender.layers {
        for (index, tag) in layer.sent.enumerated() {
          places[tag] = index + layer.firstSequence
          if !arrived.contains(key(tag, index + layer.firstSequence)) { hurt.insert(key(tag, tag.frame)) }
        }
      }
    }
    var last: (packet: WatchedPacket, place: Int)?
    var missing = 0
    for (earlier, later) in zip(packets, packets.dropFirst()) {
      #expect(later.sequence > earlier.sequence)
    }
    var previous = packets.first?.sequence ?? 0
    for packet in packets {
      missing += Int(packet.sequence - previous) - 1
      previous = packet.sequence
      guard let tag = packet.tag, let place = places[tag] else { continue }
      defer {
        last = (packet, place)
        missing = 0
      }
      guard let before = last, let earlier = before.packet.tag else {
        missing = 0
        continue
      }
      let end = earlier.sender == tag.sender && earlier.layer == tag.layer ? place : before.place + 64
      var never = 0
      if end > before.place + 1 {
        for number in before.place + 1..<end where !arrived.contains(key(earlier, number)) { never += 1 }
      }
      gaps += max(0, missing)
      // Where showing goes on with the next frame, exactly what was lost is missing; where it has changed, not more.
      #expect(missing <= never, "\(missing) missing, \(never) lost: \(earlier) to \(tag)")
      if weather.loss == 0, weather.reorder == 0 { #expect(missing == 0) }
    }
  }

  /// One timestamp, picture id and TL0PICIDX for all packets of a frame, all of them going on; a key frame behind every
  /// change; and no frame that leans on one that was left out.
  func checkFrames() {
    var frames: [(tag: VideoSender.Tag, packet: WatchedPacket)] = []
    for packet in packets {
      guard let tag = packet.tag, let vp8 = packet.vp8 else { continue }
      if let last = frames.last, last.tag.sender == tag.sender, last.tag.layer == tag.layer, last.tag.frame == tag.frame
      {
        #expect(last.packet.header.timestamp == packet.header.timestamp)
        #expect(last.packet.vp8?.pictureID == vp8.pictureID && last.packet.vp8?.baseLayerIndex == vp8.baseLayerIndex)
        continue
      }
      frames.append((tag, packet))
    }
    var shown: Set<Int> = []
    for (index, frame) in frames.enumerated() {
      let sent = senders[Int(frame.tag.sender)].layers[Int(frame.tag.layer)].frames
      let isSame =
        index > 0 && frames[index - 1].tag.sender == frame.tag.sender
        && frames[index - 1].tag.layer == frame.tag.layer
      if !isSame {
        #expect(sent[frame.tag.frame].isKey, "a key frame begins \(frame.tag)")
        shown = []
      }
      if sent[frame.tag.frame].isKey { shown = [] }
      shown.insert(frame.tag.frame)
      for need in sent[frame.tag.frame].needs where !shown.contains(need) {
        #expect(isHurt(need, of: frame.tag), "\(frame.tag) needs \(need), which was left out")
      }
      guard index > 0 else { continue }
      check(frame, after: frames[index - 1], isSame: isSame)
    }
  }

  private func check(
    _ frame: (tag: VideoSender.Tag, packet: WatchedPacket), after last: (tag: VideoSender.Tag, packet: WatchedPacket),
    isSame: Bool
  ) {
    let step = Int32(bitPattern: frame.packet.header.timestamp &- last.packet.header.timestamp)
    #expect(step > 0 && step < 90_000 * 60, "the clock goes on")
    guard let now = frame.packet.vp8, let before = last.packet.vp8, let to = now.pictureID?.value,
      let from = before.pictureID?.value, let base = now.baseLayerIndex, let baseBefore = before.baseLayerIndex
    else {
      Issue.record("a picture without numbers")
      return
    }
    let mask: UInt16 = weather.isShort ? 0x7F : 0x7FFF
    let pictures = Int((to &- from) & mask)
    #expect(pictures >= 1)
    let bases = Int(base &- baseBefore)
    let sent = senders[Int(last.tag.sender)].layers[Int(last.tag.layer)].frames
    let end = isSame ? frame.tag.frame : min(sent.count, last.tag.frame + 40)
    let between = last.tag.frame + 1..<max(last.tag.frame + 1, end)
    let hurt = between.filter { isHurt($0, of: last.tag) }
    #expect(pictures - 1 <= hurt.count, "picture ids \(from) to \(to): \(last.tag) to \(frame.tag)")
    let isBase = now.temporalLayer == 0
    #expect(bases >= (isBase ? 1 : 0) || !hurt.isEmpty)
    #expect(
      bases - (isBase ? 1 : 0) <= hurt.filter { sent[$0].temporal == 0 }.count, "TL0PICIDX \(last.tag) to \(frame.tag)")
    if weather.loss == 0, weather.reorder == 0 {
      #expect(pictures == 1)
      #expect(bases == (isBase ? 1 : 0))
    }
  }

  /// Whether a frame did not come whole and in time.
  private func isHurt(_ number: Int, of tag: VideoSender.Tag) -> Bool {
    weather.reorder > 0 || hurt.contains(key(tag, number))
  }
}
