import RTP

/// Makes one continuous stream for a watcher out of whatever sources it is shown one after the other.
///
/// Sequence numbers and picture ids have gaps only where packets of the source were lost (and not where layers are left out,
/// sources change or showing pauses); timestamps go on; TL0PICIDX counts on. A packet that comes late gets the number that
/// was kept for it, also if its source is no longer shown.
package struct StreamRewriter: Sendable {
  package enum Verdict: Hashable, Sendable {
    /// Not for this watcher.
    case drop
    /// Send it so.
    case forward(StreamNumbers)
    /// It is not for this watcher, but its number is gone: send a packet of padding under it.
    case filler(sequence: Int64, timestamp: Int64)
  }

  private var current = SourceMapping()
  private var previous = SourceMapping()
  /// The highest numbers in use.
  private var last: StreamNumbers

  /// - Parameter start: the numbers before the first packet: random ones.
  package init(start: StreamNumbers) { last = start }

  /// Which source is shown: its owner's number for it, never used for another one.
  package var source: Int? { current.source }
  package var lastNumbers: StreamNumbers { last }
  package var timestampOffset: Int64 { current.timestampOffset }

  /// Shows `source` from `packet` on, the first one of a key frame.
  ///
  /// - Parameter step: ticks of 90 kHz between the last picture shown and this one; at least 1 is taken.
  package mutating func begin(_ source: Int, with packet: VideoPacket, step: Int64) {
    end()
    current.start(
      source, with: packet,
      as: StreamNumbers(
        sequence: last.sequence &+ 1, timestamp: last.timestamp &+ max(1, step), picture: last.picture &+ 1,
        baseLayerIndex: last.baseLayerIndex &+ 1))
  }

  /// The source is shown no longer; its late packets still get their numbers, until the one after the next begins.
  package mutating func end() {
    guard current.source != nil else { return }
    // Numbers may be kept for missing packets behind the last one that was sent.
    last.sequence = max(last.sequence, current.sequences.next &- 1)
    swap(&current, &previous)
    current.stop()
  }

  /// Whether a frame's first packet is here: its fate is still open.
  package func isUndecided(_ source: Int, _ packet: VideoPacket) -> Bool {
    current.covers(source, packet.sequence) && current.frames.frame(packet.timestamp) == nil
  }

  /// Whether this packet would come behind all others of its source.
  package func isNewest(_ source: Int, _ packet: VideoPacket) -> Bool {
    !current.covers(source, packet.sequence)
      || current.sequences.isNew(packet.sequence) && packet.timestamp > current.frames.highest
  }

  /// - Parameter isWanted: whether the watcher gets the frame, if that is not decided already.
  package mutating func rewrite(_ source: Int, _ packet: VideoPacket, isWanted: Bool) -> Verdict {
    if current.covers(source, packet.sequence) {
      return Self.rewrite(packet, isWanted: isWanted, by: &current, after: &last)
    }
    // Late ones of what was shown before; new ones of it are not for this watcher.
    if previous.covers(source, packet.sequence), !previous.sequences.isNew(packet.sequence) {
      return Self.rewrite(packet, isWanted: isWanted, by: &previous, after: &last)
    }
    return .drop
  }

  /// The highest number of this source so far, if it is the one that is shown.
  func highest(of source: Int) -> Int64? { current.source == source ? current.sequences.highest : nil }

  /// A packet that carries nothing for anybody: it leaves no gap, or fills the one that was kept for it.
  package mutating func omit(_ source: Int, _ number: Int64) -> Verdict {
    let place: SequenceMap.Place
    if current.covers(source, number) {
      place = current.sequences.take(number, isForwarded: false)
    } else if previous.covers(source, number), !previous.sequences.isNew(number) {
      place = previous.sequences.take(number, isForwarded: false)
    } else {
      place = .none
    }
    guard case .number(let sequence) = place else { return .drop }
    return .filler(sequence: sequence, timestamp: last.timestamp)
  }

  private static func rewrite(
    _ packet: VideoPacket, isWanted: Bool, by mapping: inout SourceMapping, after last: inout StreamNumbers
  ) -> Verdict {
    let frame =
      mapping.frames.frame(packet.timestamp)
      ?? mapping.frames.add(packet.timestamp, isForwarded: isWanted)
    guard case .number(let sequence) = mapping.sequences.take(packet.sequence, isForwarded: frame.isForwarded) else {
      return .drop
    }
    let numbers = mapping.numbers(packet, sequence: sequence, frame: frame)
    guard frame.isForwarded else { return .filler(sequence: sequence, timestamp: last.timestamp) }
    if numbers.sequence > last.sequence { last.sequence = numbers.sequence }
    if numbers.timestamp > last.timestamp { last.timestamp = numbers.timestamp }
    if numbers.picture > last.picture { last.picture = numbers.picture }
    if Int8(bitPattern: numbers.baseLayerIndex &- last.baseLayerIndex) > 0 {
      last.baseLayerIndex = numbers.baseLayerIndex
    }
    return .forward(numbers)
  }
}
