import Primitives
import RTP

extension Forwarder {
  /// What a watcher asks: packets once more, or a key frame. Other feedback is not for us.
  package mutating func receive(_ feedback: Feedback, fromWatcher leg: LegID, at now: Instant) {
    guard let watcher = watcherSlots[leg] else { return }
    if let nack = NegativeAcknowledgement(feedback) {
      for view in watchers[watcher].views where views[view].plan.ssrc == nack.media {
        for sequence in nack.sequences { retransmit(sequence, view: view, at: now) }
      }
      return
    }
    var wanted: [UInt32] = []
    KeyFrameRequest.read(feedback) { media, _ in wanted.append(media) }
    for media in wanted {
      for view in watchers[watcher].views where views[view].plan.ssrc == media {
        guard let publisher = views[view].publisher else { continue }
        let layer = views[view].selector.current?.stream ?? views[view].selector.target?.stream
        for source in publishers[publisher].sources where sources[source].layer == layer {
          sources[source].requests.want(at: now)
        }
      }
    }
  }

  /// What we received of a publisher's streams since the last call.
  package mutating func reportBlocks(of leg: LegID, at now: Instant) -> [ReportBlock] {
    guard let slot = publisherSlots[leg] else { return [] }
    var blocks: [ReportBlock] = []
    for source in publishers[slot].sources {
      if let block = sources[source].stream.reportBlock(at: now) { blocks.append(block) }
    }
    return blocks
  }

  /// The SSRCs of a publisher's streams that have come.
  package func sourceNumbers(of leg: LegID) -> [UInt32] {
    guard let slot = publisherSlots[leg] else { return [] }
    return publishers[slot].sources.map { sources[$0].ssrc }
  }

  /// The report that goes with a view: its timestamps on our clock, so that they meet the mixed audio's.
  ///
  /// - Parameter ntp: what our wall clock says at `now`, as in the audio's reports.
  package func senderReport(of view: ViewID, ntp: UInt64, at now: Instant) -> SenderReport? {
    guard let slot = open(view), let last = views[slot].lastShown, views[slot].rewriter.source == last.generation,
      sources[last.source].generation == last.generation, let timestamp = sources[last.source].clock.timestamp(at: now)
    else { return nil }
    return SenderReport(
      ssrc: views[slot].plan.ssrc, ntp: ntp,
      timestamp: UInt32(truncatingIfNeeded: timestamp &+ views[slot].rewriter.timestampOffset),
      packetCount: views[slot].packetCount, octetCount: views[slot].octetCount, blocks: [])
  }

  /// What the way to a watcher bears, in bit/s: repeating may take a part of it.
  mutating func limitRepair(of leg: LegID, to bitrate: Int) {
    if let slot = watcherSlots[leg] { watchers[slot].repair.bitrate = bitrate }
  }

  /// Sends so many packets of padding in one go, to learn what the way to a watcher bears: in a stream of repeated packets,
  /// where nothing is missed behind them.
  mutating func probe(_ leg: LegID, packets: Int, at now: Instant) {
    guard let view = probed(leg), let plan = views[view].plan.retransmission else { return }
    for _ in 0..<packets {
      var stream = stream(of: view)
      stream.retransmission = (plan, views[view].retransmissionSequence)
      views[view].retransmissionSequence &+= 1
      queue.append(probe: views[view].rewriter.lastNumbers.timestamp, to: stream, at: now)
    }
  }

  /// Whether there is a stream to a watcher in which padding may go.
  func canProbe(_ leg: LegID) -> Bool { probed(leg) != nil }

  private func probed(_ leg: LegID) -> Int? {
    guard let watcher = watcherSlots[leg] else { return nil }
    return watchers[watcher].views.first { slot in
      views[slot].plan.retransmission != nil && views[slot].plan.extensions.transportSequence != 0
        && views[slot].lastShown != nil
    }
  }

  private mutating func retransmit(_ wire: UInt16, view: Int, at now: Instant) {
    let last = views[view].rewriter.lastNumbers.sequence
    let sequence = last &- Int64(UInt16(truncatingIfNeeded: last) &- wire)
    // What came before the last key frame of another stream is needed no more, and would only fill a narrow way.
    guard let entry = views[view].sent.take(sequence, at: now), views[view].rewriter.source == entry.generation,
      sources[entry.source].generation == entry.generation,
      let read = stored(entry.incoming, source: entry.source, at: now)
    else { return }
    let history = sources[entry.source].history
    guard let place = history.find(entry.incoming, at: now) else { return }
    let octets = history.packet(place).count &+ RTXPacket.overhead
    guard watchers[views[view].watcher].repair.spend(octets, at: now) else { return }
    var stream = stream(of: view)
    if let plan = views[view].plan.retransmission {
      stream.retransmission = (plan, views[view].retransmissionSequence)
      views[view].retransmissionSequence &+= 1
    }
    views[view].retransmitted &+= 1
    queue.append(history.packet(place), read, as: entry.numbers, to: stream, at: now)
  }
}
