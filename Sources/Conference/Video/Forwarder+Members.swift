import Primitives
import RTP

extension Forwarder {
  /// A member may send video from now on, or by another plan: then its streams begin anew.
  package mutating func publish(_ leg: LegID, _ plan: PublisherPlan) { publish(leg, plan, known: KnownSources()) }

  /// - Parameter known: what was known of its streams before.
  mutating func publish(_ leg: LegID, _ plan: PublisherPlan, known: KnownSources) {
    if let slot = publisherSlots[leg] {
      publishers[slot].known = knownSources(of: leg)
      publishers[slot].known.keep(for: plan.layers)
      dropSources(of: slot)
      publishers[slot].plan = plan
      return
    }
    var publisher = Publisher(leg: leg, plan: plan, known: known)
    publisher.known.keep(for: plan.layers)
    if let slot = freePublishers.popLast() {
      publishers[slot] = publisher
      publisherSlots[leg] = slot
    } else {
      publisherSlots[leg] = publishers.count
      publishers.append(publisher)
    }
  }

  /// What is known of a publisher's streams.
  func knownSources(of leg: LegID) -> KnownSources {
    guard let slot = publisherSlots[leg] else { return KnownSources() }
    var known = publishers[slot].known
    for source in publishers[slot].sources {
      let read = PublisherPlan.Source(ssrc: sources[source].ssrc, retransmission: sources[source].retransmission)
      known.note(read, layer: sources[source].layer)
    }
    return known
  }

  /// A member sends no more video: whoever watched it sees nobody.
  package mutating func unpublish(_ leg: LegID) {
    guard let slot = publisherSlots.removeValue(forKey: leg) else { return }
    for view in publishers[slot].views {
      views[view].publisher = nil
      views[view].selector.want(nil)
      views[view].rewriter.end()
    }
    dropSources(of: slot)
    publishers[slot].views = []
    freePublishers.append(slot)
  }

  /// Opens a stream to a watcher; nil if there are too many.
  ///
  /// - Parameter former: where the stream stood when it was closed.
  package mutating func openView(
    _ leg: LegID, _ plan: ViewPlan, after former: ViewNumbers? = nil, at now: Instant = .zero
  ) -> ViewID? {
    guard views.count - freeViews.count < Self.maximumViews else { return nil }
    let watcher = watcherSlot(leg)
    // Low enough that the first wrap is far: SRTP's rollover counter begins at 0 on both sides (RFC 3711, section 3.3.1).
    var start = StreamNumbers(
      sequence: Int64(random.next() & 0x3FFF), timestamp: Int64(random.next() & 0xFFFF_FFFF),
      picture: Int64(random.next() & 0x3FFF), baseLayerIndex: UInt8(truncatingIfNeeded: random.next()))
    var repeated = UInt16(truncatingIfNeeded: random.next() & 0x3FFF)
    if let former {
      start = former.last
      // Time has passed in the picture too.
      start.timestamp &+= max(0, SourceClock.ticks(now.nanoseconds(since: former.closed)))
      repeated = former.retransmissionSequence
    }
    var view = VideoView(
      watcher: watcher, plan: plan, rewriter: StreamRewriter(start: start), retransmissionSequence: repeated)
    view.packetCount = former?.packetCount ?? 0
    view.octetCount = former?.octetCount ?? 0
    let slot: Int
    if let free = freeViews.popLast() {
      views[free] = view
      slot = free
    } else {
      slot = views.count
      views.append(view)
    }
    watchers[watcher].views.append(slot)
    return ViewID(slot)
  }

  /// Closes a stream; returns where it stands.
  @discardableResult
  package mutating func close(_ view: ViewID, at now: Instant = .zero) -> ViewNumbers? {
    guard let slot = open(view) else { return nil }
    detach(slot)
    watchers[views[slot].watcher].views.removeAll { $0 == slot }
    freeViews.append(slot)
    return ViewNumbers(
      last: views[slot].rewriter.lastNumbers, retransmissionSequence: views[slot].retransmissionSequence,
      packetCount: views[slot].packetCount, octetCount: views[slot].octetCount, closed: now)
  }

  /// The watcher's packets are counted on from here.
  package mutating func watch(_ leg: LegID, transportSequence: UInt16) {
    watchers[watcherSlot(leg)].transportSequence = transportSequence
  }

  /// A watcher leaves, with all its streams; returns how far its packets are counted.
  @discardableResult
  package mutating func unwatch(_ leg: LegID) -> UInt16 {
    guard let watcher = watcherSlots.removeValue(forKey: leg) else { return 0 }
    for slot in watchers[watcher].views {
      detach(slot)
      freeViews.append(slot)
    }
    watchers[watcher].views = []
    freeWatchers.append(watcher)
    return watchers[watcher].transportSequence
  }

  /// Shows a publisher, up to `layers` of it; nil layers pause. Another publisher's picture begins with its key frame: until
  /// then the last one stands.
  package mutating func show(
    _ leg: LegID?, in view: ViewID, layers: LayerSelector.Layers?, at now: Instant
  ) {
    guard let slot = open(view) else { return }
    let publisher = leg.flatMap { publisherSlots[$0] }
    if views[slot].publisher != publisher {
      detach(slot)
      views[slot].publisher = publisher
      views[slot].selector.forget()
      if let publisher { publishers[publisher].views.append(slot) }
    }
    views[slot].wanted = publisher == nil ? nil : layers
    retarget(slot, at: now)
  }

  /// What a view really shows: simulcast stream and temporal layer; nil before its first key frame or in a pause.
  package func shown(in view: ViewID) -> LayerSelector.Layers? { open(view).flatMap { views[$0].selector.current } }

  /// Bits a second of each stream that a publisher sends now, the smallest picture first; 0 for those it does not.
  package mutating func bitrates(of leg: LegID, at now: Instant) -> [Int] {
    guard let slot = publisherSlots[leg] else { return [] }
    var rates = [Int](repeating: 0, count: max(1, publishers[slot].plan.layers.count))
    for source in publishers[slot].sources where sources[source].isActive(at: now) {
      let layer = sources[source].layer
      if layer < rates.count { rates[layer] = sources[source].rate.bitrate(at: now) }
    }
    return rates
  }

  /// Takes the highest stream that is wanted and sent, and asks for its key frame if it is not shown yet.
  mutating func retarget(_ slot: Int, at now: Instant) {
    guard let publisher = views[slot].publisher, let wanted = views[slot].wanted else {
      views[slot].selector.want(nil)
      return
    }
    var best: Int?
    var smallest: Int?
    for source in publishers[publisher].sources where sources[source].isActive(at: now) {
      let layer = sources[source].layer
      if layer <= wanted.stream, layer > best ?? -1 { best = layer }
      if layer < smallest ?? .max { smallest = layer }
    }
    let stream = best ?? smallest ?? wanted.stream
    views[slot].selector.want(LayerSelector.Layers(stream: stream, temporal: wanted.temporal))
    guard let awaited = views[slot].selector.awaited else { return }
    for source in publishers[publisher].sources where sources[source].layer == awaited {
      sources[source].requests.want(at: now)
    }
  }

  func open(_ view: ViewID) -> Int? {
    guard views.indices.contains(view.slot), !freeViews.contains(view.slot) else { return nil }
    return view.slot
  }

  private mutating func detach(_ slot: Int) {
    if let publisher = views[slot].publisher { publishers[publisher].views.removeAll { $0 == slot } }
    views[slot].publisher = nil
    views[slot].selector.want(nil)
    views[slot].rewriter.end()
  }

  private mutating func watcherSlot(_ leg: LegID) -> Int {
    if let slot = watcherSlots[leg] { return slot }
    let watcher = Watcher(leg: leg)
    let slot: Int
    if let free = freeWatchers.popLast() {
      watchers[free] = watcher
      slot = free
    } else {
      slot = watchers.count
      watchers.append(watcher)
    }
    watcherSlots[leg] = slot
    return slot
  }

  private mutating func dropSources(of publisher: Int) {
    freeSources += publishers[publisher].sources
    publishers[publisher].sources = []
    for view in publishers[publisher].views { views[view].selector.forget() }
  }
}
