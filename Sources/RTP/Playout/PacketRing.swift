/// The packets that a jitter buffer holds: a ring of places by sequence number, payloads in one flat array.
///
/// The array grows to the largest payload that came (at most 1,920 octets a place), so a warm ring allocates nothing.
struct PacketRing: Sendable {
  /// Places; a power of two.
  static let capacity = 64
  /// Octets: 10 ms of L16 in stereo at 48 kHz, 20 ms in mono.
  static let maximumPayload = 1_920

  /// What stands in a place.
  enum Content: UInt8, Sendable {
    case empty
    case audio
    /// Came, but is no audio: an event, or audio whose time was over.
    case event
    case late
  }

  private var contents: [Content]
  private var slots: [JitterSlot]
  private var octets: [UInt8] = []
  /// Octets a place.
  private var stride = 0

  init() {
    contents = Array(repeating: .empty, count: Self.capacity)
    let slot = JitterSlot(index: 0, payloadType: 0, marker: false, sequence: .min, timestamp: 0, count: 0)
    slots = Array(repeating: slot, count: Self.capacity)
  }

  func content(_ sequence: Int64) -> Content {
    let index = place(sequence)
    return slots[index].sequence == sequence ? contents[index] : .empty
  }

  /// The audio packet of this number, if it is here.
  func audio(_ sequence: Int64) -> JitterSlot? {
    let index = place(sequence)
    guard contents[index] == .audio, slots[index].sequence == sequence else { return nil }
    return slots[index]
  }

  mutating func store(
    sequence: Int64, timestamp: Int64, payloadType: UInt8, marker: Bool, payload: Span<UInt8>
  ) {
    let count = min(payload.count, Self.maximumPayload)
    if count > stride { grow(to: count) }
    let index = place(sequence)
    contents[index] = .audio
    slots[index] = JitterSlot(
      index: index, payloadType: payloadType, marker: marker, sequence: sequence, timestamp: timestamp, count: count)
    let start = index &* stride
    var span = octets.mutableSpan
    var destination = span._mutatingExtracting(start..<start &+ count)
    let copied = min(count, destination.count)
    for offset in 0..<copied { destination[offset] = payload[offset] }
  }

  /// Notes that a number came without audio to play.
  mutating func mark(_ sequence: Int64, _ content: Content) {
    let index = place(sequence)
    contents[index] = content
    slots[index].sequence = sequence
  }

  /// Frees a place; its octets stay readable until another packet takes it.
  mutating func remove(_ sequence: Int64) {
    let index = place(sequence)
    if slots[index].sequence == sequence { contents[index] = .empty }
  }

  mutating func removeAll() {
    for index in 0..<Self.capacity { contents[index] = .empty }
  }

  @_lifetime(borrow self)
  func payload(of slot: JitterSlot) -> Span<UInt8> {
    let start = (slot.index & (Self.capacity &- 1)) &* stride
    let end = min(start &+ max(0, slot.count), octets.count)
    return octets.span.extracting(min(start, end)..<end)
  }

  private func place(_ sequence: Int64) -> Int { Int(truncatingIfNeeded: sequence) & (Self.capacity &- 1) }

  private mutating func grow(to count: Int) {
    // Room for the usual packet at once: 20 ms of G.711 are 160 octets, of Opus about 100.
    let wider = min(Self.maximumPayload, max(192, (count &+ 127) & ~127))
    var moved = [UInt8](repeating: 0, count: wider &* Self.capacity)
    for index in 0..<Self.capacity where contents[index] == .audio {
      for offset in 0..<min(slots[index].count, stride) {
        moved[index &* wider &+ offset] = octets[index &* stride &+ offset]
      }
    }
    octets = moved
    stride = wider
  }
}
