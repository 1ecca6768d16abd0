import Primitives

/// Puts the frames of one stream of VP8 together from its packets, in whatever order they come; RFC 7741, section 4.4.
///
/// A packet that is missing is waited for. If it does not come, everything is left out up to the next key frame: what comes
/// out needs nothing that was lost. Picture ids, where they come, must count on: they tell of frames that are missing though no
/// packet is. Memory is taken once, for `window` packets.
package struct VP8Assembler: Sendable {
  /// Packets that can wait for others; a power of two.
  package static let window: Int64 = 512
  /// Octets of a packet's payload; longer ones are refused.
  package static let maximumPayload = 1_500
  /// Frames and octets that wait to be fetched.
  package static let maximumFrames = 128
  package static let maximumOctets = 4 << 20
  /// Nanoseconds that a missing packet is waited for: some retransmissions long.
  package static let patience: Int64 = 400_000_000

  /// A frame that is whole.
  package struct Frame: Hashable, Sendable {
    /// Of its octets, for `octets(of:)`.
    package var place: Range<Int>
    /// Of 90 kHz, unwrapped.
    package var timestamp: Int64
    /// When its first packet came.
    package var at: Instant
    package var kind: VP8FrameHeader.Kind

    package var isKeyFrame: Bool {
      switch kind {
      case .key: true
      case .inter: false
      }
    }
  }

  private enum State: Sendable {
    /// Everything waits for a key frame, whose first packet has this number or a higher one.
    case awaiting(from: Int64)
    /// All frames before the packet `next` are out. `since`: something is missing so long.
    case following(next: Int64, since: Instant?)
  }

  private struct Slot: Sendable {
    var sequence = Int64.min
    var timestamp: Int64 = 0
    var at = Instant.zero
    /// Octets of VP8; 0 for a packet that only fills its number.
    var count = 0
    var picture: VP8Descriptor.PictureID?
    var startsFrame = false
    var startsKeyFrame = false
    var isLast = false
  }

  /// What begins at a number.
  private enum Look {
    case filler, broken
    /// The first packet that is not here.
    case missing(Int64)
    case whole(last: Int64)
  }

  private var state = State.awaiting(from: .min)
  private var slots: [Slot]
  private var payloads: [UInt8]
  private var sequences = Extended<UInt16>()
  private var timestamps = Extended<UInt32>()
  private var highest = Int64.min
  private var lastArrival: Instant?
  private var hasMarkers = false
  /// Of the frame that came out last.
  private var picture: VP8Descriptor.PictureID?
  /// Frames in order, to be fetched.
  package private(set) var frames: [Frame] = []
  private var octets: [UInt8] = []
  /// How often a loss could not be mended.
  package private(set) var breaks = 0
  /// Packets that were no VP8, too long, or too late.
  package private(set) var refused = 0

  package init() {
    slots = Array(repeating: Slot(), count: Int(Self.window))
    payloads = Array(repeating: 0, count: Int(Self.window) * Self.maximumPayload)
  }

  /// A key frame is needed, and something comes in that waits for it.
  package func wantsKeyFrame(at now: Instant) -> Bool {
    guard case .awaiting = state, let lastArrival else { return false }
    return now.nanoseconds(since: lastArrival) < 1_000_000_000
  }

  @_lifetime(borrow self)
  package func octets(of frame: Frame) -> Span<UInt8> {
    octets.span.extracting(frame.place.clamped(to: 0..<octets.count))
  }

  /// The frames have been fetched.
  package mutating func removeFrames() {
    frames.removeAll(keepingCapacity: true)
    octets.removeAll(keepingCapacity: true)
  }

  /// Takes a packet of RTP, in the clear.
  package mutating func receive(_ packet: Span<UInt8>, at now: Instant) {
    guard let header = try? RTPHeader.parse(packet) else {
      refused &+= 1
      return
    }
    let sequence = sequences.extend(header.sequence)
    let timestamp = timestamps.extend(header.timestamp)
    lastArrival = now
    guard sequence >= first, sequence > highest &- Self.window || highest == .min,
      let slot = slot(packet.extracting(header.payloadRange), header, sequence, timestamp, at: now)
    else {
      refused &+= 1
      return
    }
    guard slots[place(sequence)].sequence != sequence else { return }
    // Nothing that is still waited for may be written over.
    if case .following(let next, _) = state, sequence &- next >= Self.window { giveUp(from: next &+ 1) }
    slots[place(sequence)] = slot
    highest = max(highest, sequence)
    advance(at: now)
  }

  /// Gives up what has been missing for too long.
  package mutating func timeout(at now: Instant) {
    guard case .following(let next, let since?) = state, now.nanoseconds(since: since) >= Self.patience else { return }
    giveUp(from: next &+ 1)
    advance(at: now)
  }

  /// The lowest number that is of use.
  private var first: Int64 {
    switch state {
    case .awaiting(let from): from
    case .following(let next, _): next
    }
  }

  private func place(_ sequence: Int64) -> Int { Int(truncatingIfNeeded: sequence & (Self.window &- 1)) }

  private func slot(at sequence: Int64) -> Slot? {
    let slot = slots[place(sequence)]
    return slot.sequence == sequence ? slot : nil
  }

  /// Reads a payload and copies it; nil if it is no VP8.
  private mutating func slot(
    _ payload: Span<UInt8>, _ header: RTPHeader, _ sequence: Int64, _ timestamp: Int64, at now: Instant
  ) -> Slot? {
    var slot = Slot(sequence: sequence, timestamp: timestamp, at: now)
    if payload.count == 0 { return slot }
    guard let mark = try? VideoCodec.vp8.mark(payload), let vp8 = mark.vp8 else { return nil }
    let count = payload.count &- vp8.count
    guard count > 0, count <= Self.maximumPayload else { return nil }
    slot.count = count
    slot.picture = vp8.pictureID
    slot.startsFrame = mark.startsFrame
    slot.startsKeyFrame = mark.startsKeyFrame
    slot.isLast = header.marker
    if header.marker { hasMarkers = true }
    if slots[place(sequence)].sequence == sequence { return slot }
    let start = place(sequence) &* Self.maximumPayload
    for index in 0..<count { payloads[start &+ index] = payload[vp8.count &+ index] }
    return slot
  }

  private mutating func giveUp(from sequence: Int64) {
    breaks &+= 1
    state = .awaiting(from: sequence)
  }

  private mutating func advance(at now: Instant) {
    while true {
      switch state {
      case .awaiting(let from):
        guard let start = keyFrame(from: from) else { return }
        state = .following(next: start, since: nil)
      case .following(let next, let since):
        guard next <= highest else { return }
        switch look(next) {
        case .filler: state = .following(next: next &+ 1, since: nil)
        case .whole(let last): state = emit(next...last) ? .following(next: last &+ 1, since: nil) : broken(next)
        case .broken: state = broken(next)
        case .missing(let gap):
          // What has not come yet is not missing: a large frame may be long on its way.
          state = .following(next: next, since: gap > highest ? nil : since ?? now)
          return
        }
      }
    }
  }

  private mutating func broken(_ next: Int64) -> State {
    breaks &+= 1
    return .awaiting(from: next &+ 1)
  }

  /// The first packet of the oldest key frame from a number on.
  private func keyFrame(from sequence: Int64) -> Int64? {
    guard highest > .min else { return nil }
    var candidate = max(sequence, highest &- Self.window &+ 1)
    while candidate <= highest {
      if let slot = slot(at: candidate), slot.startsKeyFrame { return candidate }
      candidate &+= 1
    }
    return nil
  }

  /// Whether the frame that begins at a number is here. It ends with the marker; a sender that never sets one has it end
  /// before the next one's first packet.
  private func look(_ start: Int64) -> Look {
    guard let first = slot(at: start) else { return .missing(start) }
    if first.count == 0 { return .filler }
    guard first.startsFrame, first.startsKeyFrame || Self.follows(first.picture, picture) else { return .broken }
    var last = start
    if first.isLast { return .whole(last: last) }
    var sequence = start &+ 1
    while sequence &- start < Self.window, let slot = slot(at: sequence) {
      if slot.count > 0 {
        if slot.timestamp != first.timestamp { return slot.startsFrame && !hasMarkers ? .whole(last: last) : .broken }
        if slot.startsFrame { return .broken }
        last = sequence
        if slot.isLast { return .whole(last: last) }
      }
      sequence &+= 1
    }
    return .missing(sequence)
  }

  private static func follows(_ next: VP8Descriptor.PictureID?, _ last: VP8Descriptor.PictureID?) -> Bool {
    switch (next, last) {
    case (.short(let next), .short(let last)): (next &- last) & 0x7F == 1
    case (.long(let next), .long(let last)): (next &- last) & 0x7FFF == 1
    case (.none, _), (_, .none), (.short, .long), (.long, .short): true
    }
  }

  /// Gives out a frame; false if it cannot be one, or nobody fetches.
  private mutating func emit(_ sequences: ClosedRange<Int64>) -> Bool {
    guard frames.count < Self.maximumFrames, let first = slot(at: sequences.lowerBound) else { return false }
    let start = octets.count
    for sequence in sequences {
      let slot = slots[place(sequence)]
      guard octets.count + slot.count <= Self.maximumOctets else {
        octets.removeLast(octets.count - start)
        return false
      }
      let from = place(sequence) &* Self.maximumPayload
      octets.append(contentsOf: payloads[from..<from &+ slot.count])
    }
    let place = start..<octets.count
    guard let header = VP8FrameHeader(octets.span.extracting(place)), Int(header.firstPartition) <= place.count else {
      octets.removeLast(place.count)
      return false
    }
    picture = first.picture
    frames.append(Frame(place: place, timestamp: first.timestamp, at: first.at, kind: header.kind))
    return true
  }
}
