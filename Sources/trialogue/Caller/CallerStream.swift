import Codecs
import Primitives
import RTP

/// The media of one caller: one stream out, one in.
struct CallerStream: Sendable {
  let id: CallerID
  let format: CallerFormat
  var remote: TransportAddress
  var payloadType: UInt8
  var send: SendStream
  var talk: Talk
  var voice: CodedVoice
  let quiet: CodedVoice
  var random: RandomSource
  /// Of the voice's next packet, and of the quiet one's.
  var voicePosition: Int
  var quietPosition: Int
  var tally = ReceiveTally()
  /// Of all packets of the call, for the kept ones.
  var sequence = Extended<UInt16>()
  var kept: [KeptPacket] = []
  var keepsLeft: Int

  init(_ order: CallerOrder, remote: TransportAddress, payloadType: UInt8, random: RandomSource) {
    var random = random
    id = order.id
    format = order.format
    self.remote = remote
    self.payloadType = payloadType
    send = SendStream(random: &random)
    talk = order.talk
    voice = order.voice
    quiet = order.quiet
    keepsLeft = order.keeps
    // Callers who speak over and over do not speak in chorus.
    switch order.talk {
    case .always, .conversation: voicePosition = Int.random(in: 0..<max(1, order.voice.count), using: &random)
    case .never, .once: voicePosition = 0
    }
    quietPosition = Int.random(in: 0..<max(1, order.quiet.count), using: &random)
    self.random = random
  }

  mutating func say(_ voice: CodedVoice, _ talk: Talk) {
    self.voice = voice
    self.talk = talk
    voicePosition = 0
  }

  /// Writes the next packet at `offset` of the buffer, which has room for it; returns its octets.
  static func write(_ stream: inout CallerStream, into buffer: inout [UInt8], at offset: Int, now: Instant) -> Int {
    let speaks = stream.talk.next(
      position: stream.voicePosition, of: stream.voice.count, random: &stream.random)
    let range: Range<Int>
    if speaks {
      if stream.voicePosition >= stream.voice.count { stream.voicePosition = 0 }
      range = stream.voice.range(stream.voicePosition)
      stream.voicePosition += 1
    } else {
      if stream.quietPosition >= stream.quiet.count { stream.quietPosition = 0 }
      range = stream.quiet.range(stream.quietPosition)
      stream.quietPosition += 1
    }
    let octets = RTPHeader.size + range.count
    guard offset + octets <= buffer.count else { return 0 }
    var span = buffer.mutableSpan
    var packet = span._mutatingExtracting(offset..<offset + octets)
    let start = stream.send.write(
      into: &packet, payloadType: stream.payloadType, marker: false, payloadCount: range.count, at: now)
    stream.send.advance(ticks: stream.format.ticksPerPacket)
    if speaks {
      copy(stream.voice.octets.span.extracting(range), into: &packet, at: start)
    } else {
      copy(stream.quiet.octets.span.extracting(range), into: &packet, at: start)
    }
    return octets
  }

  private static func copy(_ payload: Span<UInt8>, into packet: inout MutableSpan<UInt8>, at start: Int) {
    for index in payload.indices { packet[start &+ index] = payload[index] }
  }

  /// Takes a packet from the partner. `time` is in nanoseconds; `isCounted` says that the window is open.
  static func receive(
    _ stream: inout CallerStream, _ header: RTPHeader, _ packet: Span<UInt8>, time: Int64, isCounted: Bool
  ) -> Double? {
    let number = stream.sequence.extend(header.sequence)
    if stream.keepsLeft > 0, header.payloadType == stream.payloadType {
      stream.keepsLeft -= 1
      var payload: [UInt8] = []
      payload.reserveCapacity(header.payloadCount)
      for index in header.payloadRange { payload.append(packet[index]) }
      stream.kept.append(KeptPacket(sequence: number, payload: payload))
    }
    guard isCounted else { return nil }
    return stream.tally.receive(header, time: time, clockRate: stream.format.codec.clockRate)
  }
}
