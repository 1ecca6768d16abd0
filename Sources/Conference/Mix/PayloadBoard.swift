/// The payloads of one tick, each made once and sent as often as there are listeners.
struct PayloadBoard: Sendable {
  /// The most octets of one payload: 10 ms of L16 in stereo at 48 kHz.
  static let maximumPayload = 1_920

  private var octets: [UInt8] = Array(repeating: 0, count: 64 * PayloadBoard.maximumPayload)
  private var used = 0

  mutating func removeAll() { used = 0 }

  /// Room for one payload.
  @_lifetime(&self)
  mutating func space() -> MutableSpan<UInt8> {
    if octets.count - used < Self.maximumPayload { octets.append(contentsOf: repeatElement(0, count: octets.count)) }
    let range = used..<used + Self.maximumPayload
    let span = octets.mutableSpan
    return span._consumingExtracting(range)
  }

  /// Keeps `count` octets of the room given last; returns where they begin.
  mutating func commit(_ count: Int) -> Int {
    let offset = used
    used += min(count, Self.maximumPayload)
    return offset
  }

  @_lifetime(borrow self)
  func payload(_ packet: EncodingChain.Packet) -> Span<UInt8> {
    octets.span.extracting(packet.offset..<packet.offset + packet.count)
  }
}
