import Codecs
import Foundation
import Primitives
import RTP

/// A sender whose packets were made beforehand and are sent over and over, with proper headers.
struct PacketLoop {
  enum Talk {
    case silence
    case steady
    /// A second of every two, in turn with others.
    case spurt(Int)
  }

  let slot: Int
  let address: TransportAddress
  let sends: Bool
  /// Protects what is sent.
  private let shield: PacketShield?
  private let payloads: [[UInt8]]
  private let payloadType: UInt8
  private let ticks: UInt32
  private let ssrc: UInt32
  private var sequence: UInt16 = 1
  private var timestamp: UInt32 = 1

  init(
    number: Int, slot: Int, address: TransportAddress, payloadType: UInt8, format: CodecFormat, talk: Talk, sends: Bool,
    shield: PacketShield? = nil
  ) {
    self.slot = slot
    self.address = address
    self.sends = sends
    self.shield = shield
    self.payloadType = payloadType
    ticks = UInt32(format.clockRate / 50)
    ssrc = UInt32(number + 1)
    payloads = Self.payloads(format, number: number, talk: talk)
  }

  /// Two seconds of packets.
  private static func payloads(_ format: CodecFormat, number: Int, talk: Talk) -> [[UInt8]] {
    let inputRate = format.codec == .opus ? 48_000 : format.sampleRate
    guard var encoder = try? AudioEncoder(format: format, sampleRate: inputRate, bitRate: 32_000, complexity: 5) else {
      return []
    }
    let count = inputRate / 50
    let packets = (0..<100).map { packet in
      var samples = [Int16](repeating: 0, count: count)
      if isSpeech(packet, talk) {
        for index in 0..<count {
          samples[index] = voice(number, Double(packet * count + index) / Double(inputRate))
        }
      }
      var payload = [UInt8](repeating: 0, count: 1_500)
      var span = payload.mutableSpan
      let octets = encoder.encode(samples.span, into: &span)
      return Array(payload[..<octets])
    }
    // Silence has no seam where the packets start over.
    if case .silence = talk { return Array(packets.suffix(1)) }
    return packets
  }

  private static func isSpeech(_ packet: Int, _ talk: Talk) -> Bool {
    switch talk {
    case .silence: false
    case .steady: true
    case .spurt(let turn): (packet + 100 - turn * 23 % 100) % 100 < 40
    }
  }

  private static func voice(_ number: Int, _ time: Double) -> Int16 {
    let pitch = 140 + Double(number % 7) * 23
    var value = 0.0
    for harmonic in 1...8 { value += sin(2 * .pi * pitch * Double(harmonic) * time) / Double(harmonic) }
    return Int16(3_000 * value * (0.6 + 0.4 * sin(2 * .pi * 4 * time)))
  }

  /// Writes the packet of a tick; returns its octets.
  mutating func write(_ tick: Int, into octets: inout [UInt8]) -> Int {
    let count = writePlain(tick, into: &octets)
    return shield?.protect(&octets, count: count) ?? count
  }

  private mutating func writePlain(_ tick: Int, into octets: inout [UInt8]) -> Int {
    let chosen = payloads[tick % payloads.count]
    let payload = chosen.span
    var span = octets.mutableSpan
    _ = RTPHeader.write(
      into: &span, payloadType: payloadType, marker: false, sequence: sequence, timestamp: timestamp, ssrc: ssrc)
    var target = span._mutatingExtracting(RTPHeader.size..<RTPHeader.size + payload.count)
    let count = min(payload.count, target.count)
    for octet in 0..<count { target[octet] = payload[octet] }
    sequence &+= 1
    timestamp &+= ticks
    return RTPHeader.size + count
  }
}
