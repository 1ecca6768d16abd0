import Primitives
import RTP

extension Forwarder {
  /// Ticks of 90 kHz: what a step by sender reports may differ from one by arrival, half a second.
  private static let maximumDisagreement: Int64 = 45_000

  /// Decides about a packet for one view, and queues it.
  mutating func forward(
    _ packet: Span<UInt8>, _ read: VideoPacket, source slot: Int, view: Int, at now: Instant
  ) {
    let key = sources[slot].generation
    let isShown = views[view].rewriter.source == key && views[view].selector.current?.stream == sources[slot].layer
    var isWanted = false
    var begins = false
    if isShown ? views[view].rewriter.isUndecided(key, read) : read.mark.startsKeyFrame {
      let isNewest = isShown ? views[view].rewriter.isNewest(key, read) : true
      switch views[view].selector.decide(
        stream: sources[slot].layer, mark: read.mark, isNewest: isNewest, timestamp: read.timestamp)
      {
      case .drop: break
      case .forward: isWanted = isShown
      case .begin:
        isWanted = true
        begins = true
        closeUp(from: read.sequence, source: slot, view: view, at: now)
        let step = step(to: read, of: slot, in: view, at: now)
        views[view].rewriter.begin(key, with: read, step: step)
      }
    }
    send(packet, read, source: slot, view: view, isWanted: isWanted, at: now)
    if begins { catchUp(from: read.sequence, source: slot, view: view, at: now) }
  }

  /// A packet that is nothing to forward: its number is closed up, or filled if it is late.
  mutating func omit(_ read: VideoPacket, source slot: Int, view: Int, at now: Instant) {
    if case .filler(let sequence, let timestamp) = views[view].rewriter.omit(sources[slot].generation, read.sequence) {
      sendFiller(sequence, timestamp, view: view, at: now)
    }
  }

  private mutating func send(
    _ packet: Span<UInt8>, _ read: VideoPacket, source slot: Int, view: Int, isWanted: Bool, at now: Instant
  ) {
    let generation = sources[slot].generation
    switch views[view].rewriter.rewrite(generation, read, isWanted: isWanted) {
    case .drop: break
    case .filler(let sequence, let timestamp): sendFiller(sequence, timestamp, view: view, at: now)
    case .forward(let numbers):
      views[view].sent.note(numbers, source: slot, generation: generation, incoming: read.sequence)
      views[view].lastShown = (slot, generation, read.timestamp, now)
      views[view].packetCount &+= 1
      views[view].octetCount &+= UInt32(truncatingIfNeeded: read.header.payloadCount)
      queue.append(packet, read, as: numbers, to: stream(of: view), at: now)
    }
  }

  private mutating func sendFiller(_ sequence: Int64, _ timestamp: Int64, view: Int, at now: Instant) {
    queue.append(filler: sequence, timestamp: timestamp, to: stream(of: view), at: now)
  }

  /// A source begins anew with a packet behind which others came already and were left out: the numbers kept between them
  /// will not be used.
  private mutating func closeUp(from sequence: Int64, source slot: Int, view: Int, at now: Instant) {
    let key = sources[slot].generation
    guard let highest = views[view].rewriter.highest(of: key) else { return }
    for later in sequence..<max(sequence, min(highest &+ 1, sequence &+ SequenceMap.window)) {
      if case .filler(let number, let timestamp) = views[view].rewriter.omit(key, later) {
        sendFiller(number, timestamp, view: view, at: now)
      }
    }
  }

  /// The packets of a key frame that came before its first one.
  private mutating func catchUp(from sequence: Int64, source slot: Int, view: Int, at now: Instant) {
    let highest = min(sources[slot].highest, sequence &+ SequenceMap.window)
    guard highest > sequence else { return }
    let history = sources[slot].history
    let key = sources[slot].generation
    for later in sequence &+ 1...highest {
      guard let read = stored(later, source: slot, at: now), let place = history.find(later, at: now)
      else { continue }
      var isWanted = false
      if views[view].rewriter.isUndecided(key, read) {
        let isNewest = views[view].rewriter.isNewest(key, read)
        isWanted =
          views[view].selector.decide(
            stream: sources[slot].layer, mark: read.mark, isNewest: isNewest, timestamp: read.timestamp) == .forward
      }
      send(history.packet(place), read, source: slot, view: view, isWanted: isWanted, at: now)
    }
  }

  /// A packet of the past, read again.
  func stored(_ sequence: Int64, source slot: Int, at now: Instant) -> VideoPacket? {
    let history = sources[slot].history
    guard let place = history.find(sequence, at: now) else { return nil }
    let packet = history.packet(place)
    let codec = publishers[sources[slot].publisher].plan.codec
    guard let header = try? RTPHeader.parse(packet), let mark = try? codec.mark(packet.extracting(header.payloadRange))
    else { return nil }
    return VideoPacket(
      header: header, sequence: sequence, timestamp: sources[slot].stream.timestamp(header.timestamp), mark: mark)
  }

  /// Where a view's next packet goes; counts the watcher's packets.
  mutating func stream(of view: Int) -> ForwardQueue.Stream {
    let watcher = views[view].watcher
    defer { watchers[watcher].transportSequence &+= 1 }
    return ForwardQueue.Stream(
      watcher: watchers[watcher].leg, plan: views[view].plan, transportSequence: watchers[watcher].transportSequence,
      contributor: views[view].publisher.map { publishers[$0].leg.contributor } ?? 0)
  }

  /// How much later than the last picture shown this one was taken: by the publisher's own clock if it has said what both
  /// streams' timestamps mean, else by arrival.
  private func step(to read: VideoPacket, of slot: Int, in view: Int, at now: Instant) -> Int64 {
    guard let last = views[view].lastShown else { return 1 }
    let byArrival = max(1, SourceClock.ticks(now.nanoseconds(since: last.at)))
    guard sources[last.source].generation == last.generation,
      sources[last.source].publisher == sources[slot].publisher,
      let before = sources[last.source].clock.captureTicks(last.timestamp),
      let after = sources[slot].clock.captureTicks(read.timestamp),
      abs(after &- before &- byArrival) <= Self.maximumDisagreement
    else { return byArrival }
    return after &- before
  }
}
