import Codecs

/// The level of a packet's audio, found without decoding it.
///
/// G.711 and L16 are read by table or as they are; of the other codecs the sender's own word (RFC 6464) or the packet's size
/// tells something.
struct PayloadLevel: Sendable {
  enum Observation: Hashable, Sendable {
    /// In dBFS.
    case measured(Float)
    /// In dBFS; decoding would tell more.
    case guessed(Float)
  }

  /// What an Opus packet that may hold a voice counts as, and one that may not.
  static let probable: Float = -35
  static let improbable: Float = -127

  /// Squares of the 256 G.711 codes at a scale of 2^-8.
  private let ulaw: [UInt32]
  private let alaw: [UInt32]

  init() {
    let codes = (0...255).map { UInt8($0) }
    var samples = [Int16](repeating: 0, count: 256)
    var span = samples.mutableSpan
    _ = G711.decodeULaw(codes.span, into: &span)
    ulaw = samples.map { UInt32(Int32($0) * Int32($0)) >> 8 }
    span = samples.mutableSpan
    _ = G711.decodeALaw(codes.span, into: &span)
    alaw = samples.map { UInt32(Int32($0) * Int32($0)) >> 8 }
  }

  /// `sizeFloor` is the leg's memory of its smallest usual Opus packet.
  func observe(_ payload: Span<UInt8>, format: CodecFormat, sizeFloor: inout Float) -> Observation {
    switch format.codec {
    case .pcmu: return .measured(companded(payload, ulaw.span))
    case .pcma: return .measured(companded(payload, alaw.span))
    case .l16: return .measured(linear(payload))
    case .g722, .g726, .speex, .ilbc, .gsm, .amr, .amrWB, .g729: return .guessed(Self.improbable)
    case .opus:
      if payload.count <= 3 { return .measured(AudibilityGate.silence) }
      let size = Float(payload.count)
      sizeFloor = size < sizeFloor || sizeFloor == 0 ? size : sizeFloor * 1.002
      return .guessed(size > sizeFloor * 1.6 ? Self.probable : Self.improbable)
    }
  }

  private func companded(_ payload: Span<UInt8>, _ squares: Span<UInt32>) -> Float {
    var sum: UInt64 = 0
    var count: UInt64 = 0
    var index = 0
    // Half of the samples are enough to tell speech from silence; in pairs, so that no tone has all of them at its zeros.
    while index &+ 1 < payload.count {
      sum &+= UInt64(squares[Int(payload[index])]) &+ UInt64(squares[Int(payload[index &+ 1])])
      count &+= 2
      index &+= 4
    }
    return Self.decibels(Float(sum) * 256, count: count)
  }

  private func linear(_ payload: Span<UInt8>) -> Float {
    var sum: UInt64 = 0
    var count: UInt64 = 0
    var index = 0
    while index &+ 3 < payload.count {
      let first = Int64(Int16(bitPattern: UInt16(payload[index]) << 8 | UInt16(payload[index &+ 1])))
      let second = Int64(Int16(bitPattern: UInt16(payload[index &+ 2]) << 8 | UInt16(payload[index &+ 3])))
      sum &+= UInt64(first &* first &+ second &* second)
      count &+= 2
      index &+= 16
    }
    return Self.decibels(Float(sum), count: count)
  }

  private static func decibels(_ sum: Float, count: UInt64) -> Float {
    guard count > 0, sum > 0 else { return AudibilityGate.silence }
    return Decibels.ofPower(sum / Float(count) / 1_073_741_824)
  }
}
