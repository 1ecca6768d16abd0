import Primitives
import RTP
import TestSupport
import Testing

/// Frames of VP8 out of packets: whole, in order, and nothing that leans on what was lost.
@Suite struct VP8AssemblerTests {
  /// A stream of frames in packets of at most 40 octets of VP8.
  private struct Sender {
    var sequence: UInt16 = 65_500
    var timestamp: UInt32 = 4_294_900_000
    var marks = true
    var picture: UInt16 = 0x7FF0
    private(set) var frames: [[UInt8]] = []

    mutating func frame(isKey: Bool, count: Int, layer: UInt8 = 0) -> [[UInt8]] {
      var frame: [UInt8] = isKey ? [0x10, 1, 0, 0x9D, 1, 0x2A, 160, 0, 90, 0] : [0x11, 1, 0]
      while frame.count < count { frame.append(UInt8(truncatingIfNeeded: frame.count &+ frames.count &* 7)) }
      frames.append(frame)
      return packets(of: frame)
    }

    mutating func packets(of frame: [UInt8]) -> [[UInt8]] {
      timestamp &+= 3_000
      picture &+= 1
      return stride(from: 0, to: frame.count, by: 40).map { start in
        let end = min(start + 40, frame.count)
        defer { sequence &+= 1 }
        return packet(
          [start == 0 ? 0x90 : 0x80, 0x80, 0x80 | UInt8(picture >> 8 & 0x7F), UInt8(picture & 0xFF)]
            + frame[start..<end], isLast: marks && end == frame.count)
      }
    }

    mutating func filler() -> [UInt8] {
      defer { sequence &+= 1 }
      return packet([], isLast: false)
    }

    private func packet(_ payload: [UInt8], isLast: Bool) -> [UInt8] {
      var octets = [UInt8](repeating: 0, count: RTPHeader.size)
      do {
        var span = octets.mutableSpan
        _ = RTPHeader.write(
          into: &span, payloadType: 96, marker: isLast, sequence: sequence, timestamp: timestamp, ssrc: 1)
      }
      return octets + payload
    }
  }

  private struct Receiver {
    var assembler = VP8Assembler()
    var now = Instant.zero
    var frames: [[UInt8]] = []
    var times: [Int64] = []

    mutating func receive(_ packets: [[UInt8]]) {
      for packet in packets {
        now = now.advanced(byMilliseconds: 1)
        assembler.receive(packet.span, at: now)
        take()
      }
    }

    mutating func wait(milliseconds: Int64) {
      now = now.advanced(byMilliseconds: milliseconds)
      assembler.timeout(at: now)
      take()
    }

    mutating func take() {
      let whole = assembler
      for frame in whole.frames {
        let span = whole.octets(of: frame)
        frames.append((0..<span.count).map { span[$0] })
        times.append(frame.timestamp)
      }
      assembler.removeFrames()
    }
  }

  @Test(arguments: [true, false]) func framesComeOutAsTheyWentIn(marks: Bool) {
    var sender = Sender(marks: marks)
    var receiver = Receiver()
    for number in 0..<200 { receiver.receive(sender.frame(isKey: number % 50 == 0, count: 20 + number * 3)) }
    // Without markers a frame is known to be whole when the next begins.
    #expect(receiver.frames == Array(sender.frames.dropLast(marks ? 0 : 1)))
    #expect(zip(receiver.times, receiver.times.dropFirst()).allSatisfy { $1 - $0 == 3_000 })
    #expect(receiver.assembler.breaks == 0 && receiver.assembler.refused == 0)
  }

  @Test func orderAndRepeatsDoNotMatter() {
    var sender = Sender()
    var receiver = Receiver()
    var random = RandomSource.seeded(5)
    var waiting: [[UInt8]] = []
    receiver.receive(sender.frame(isKey: true, count: 30))
    for number in 1..<300 {
      waiting += sender.frame(isKey: number % 50 == 0, count: 20 + number)
      if number % 9 == 0 { waiting.append(sender.filler()) }
      if number % 5 == 0 {
        waiting.shuffle(using: &random)
        receiver.receive(waiting + waiting.prefix(3))
        waiting = []
      }
    }
    receiver.receive(waiting)
    #expect(receiver.frames == sender.frames)
    #expect(receiver.assembler.breaks == 0)
  }

  @Test func aPacketThatComesInTimeCostsNothing() {
    var sender = Sender()
    var receiver = Receiver()
    receiver.receive(sender.frame(isKey: true, count: 100))
    var packets = sender.frame(isKey: false, count: 100)
    let late = packets.remove(at: 1)
    receiver.receive(packets)
    receiver.receive(sender.frame(isKey: false, count: 20))
    receiver.wait(milliseconds: 300)
    #expect(receiver.frames.count == 1)
    receiver.receive([late])
    #expect(receiver.frames == sender.frames)
  }

  @Test func whatLeansOnALossIsLeftOut() {
    var sender = Sender()
    var receiver = Receiver()
    receiver.receive(sender.frame(isKey: true, count: 100))
    receiver.receive(Array(sender.frame(isKey: false, count: 100).dropLast()))
    #expect(!receiver.assembler.wantsKeyFrame(at: receiver.now))
    receiver.receive(sender.frame(isKey: false, count: 20))
    receiver.wait(milliseconds: 500)
    #expect(receiver.assembler.wantsKeyFrame(at: receiver.now))
    receiver.receive(sender.frame(isKey: false, count: 20))
    #expect(receiver.frames == Array(sender.frames.prefix(1)))
    receiver.receive(sender.frame(isKey: true, count: 90))
    receiver.receive(sender.frame(isKey: false, count: 20))
    #expect(receiver.frames == [sender.frames[0], sender.frames[4], sender.frames[5]])
    #expect(receiver.assembler.breaks == 1)
    // Nobody asks for what nobody sends.
    receiver.receive(Array(sender.frame(isKey: false, count: 100).dropFirst()))
    receiver.wait(milliseconds: 5_000)
    #expect(!receiver.assembler.wantsKeyFrame(at: receiver.now))
  }

  @Test func aFrameThatIsMissingWithoutAGapIsNoticed() {
    var sender = Sender()
    var receiver = Receiver()
    receiver.receive(sender.frame(isKey: true, count: 20))
    sender.picture &+= 1
    receiver.receive(sender.frame(isKey: false, count: 20))
    #expect(receiver.frames.count == 1 && receiver.assembler.breaks == 1)
    receiver.receive(sender.frame(isKey: true, count: 20))
    #expect(receiver.frames.count == 2)
  }

  @Test func aLongGapIsGivenUpBeforeItsTime() {
    var sender = Sender()
    var receiver = Receiver()
    receiver.receive(sender.frame(isKey: true, count: 20))
    for _ in 0..<Int(VP8Assembler.window) + 40 { _ = sender.frame(isKey: false, count: 20) }
    receiver.receive(sender.frame(isKey: false, count: 20))
    #expect(receiver.assembler.breaks == 1)
    receiver.receive(sender.frame(isKey: true, count: 20))
    #expect(receiver.frames.count == 2)
  }

  @Test func whatIsNotFetchedIsBounded() {
    var sender = Sender()
    var assembler = VP8Assembler()
    for number in 0..<1_000 {
      for packet in sender.frame(isKey: number % 10 == 0, count: 200) { assembler.receive(packet.span, at: .zero) }
    }
    #expect(assembler.frames.count == VP8Assembler.maximumFrames)
    #expect(assembler.breaks > 0)
  }

  @Test func whatIsNoVP8IsRefused() {
    var assembler = VP8Assembler()
    var header = [UInt8](repeating: 0, count: RTPHeader.size)
    do {
      var span = header.mutableSpan
      _ = RTPHeader.write(into: &span, payloadType: 96, marker: true, sequence: 1, timestamp: 1, ssrc: 1)
    }
    for payload: [UInt8] in [[0x80], [0x90, 0xFF, 0x80], [0x10], [0x10] + [UInt8](repeating: 1, count: 1_501)] {
      assembler.receive((header + payload).span, at: .zero)
    }
    assembler.receive([1, 2, 3].span, at: .zero)
    #expect(assembler.refused == 5)
    // The first partition is longer than the frame.
    assembler.receive((header + [0x10, 0xF0, 0xFF, 0, 0x9D, 1, 0x2A, 160, 0, 90, 0]).span, at: .zero)
    #expect(assembler.frames.isEmpty)
  }

  @Test(.enabled(if: Vectors.isPresent)) func realFramesSurviveTheWay() throws {
    let file = try Vectors.bytes("vp8/vp80-00-comprehensive-001.ivf")
    var sender = Sender()
    var receiver = Receiver()
    var random = RandomSource.seeded(9)
    var expected: [[UInt8]] = []
    var waiting: [[UInt8]] = []
    var place = 32
    while place + 12 <= file.count, expected.count < 29 {
      let count = (0..<4).reduce(0) { $0 | Int(file[place + $1]) << (8 * $1) }
      let frame = Array(file[place + 12..<place + 12 + count])
      place += 12 + count
      // What a window holds.
      guard count < 40 * 200 else { break }
      expected.append(frame)
      waiting += sender.packets(of: frame)
      if expected.count > 1 {
        waiting.shuffle(using: &random)
        receiver.receive(waiting)
        waiting = []
      } else {
        receiver.receive(waiting)
        waiting = []
      }
    }
    #expect(receiver.frames == expected)
    #expect(expected.count > 5)
  }
}
