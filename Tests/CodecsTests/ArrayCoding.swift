@testable import Codecs

// Arrays in and out, for tests: the codecs themselves work on spans.

/// An encoder with state in a library's memory.
protocol LibraryEncoder: AnyObject {
  func encode(_ samples: Span<Int16>, into payload: inout MutableSpan<UInt8>) -> Int
}

extension LibraryEncoder {
  func packet(_ samples: [Int16]) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 1_500)
    var output = buffer.mutableSpan
    let count = encode(samples.span, into: &output)
    return Array(buffer[..<count])
  }
}

/// The same of a decoder of one channel.
protocol LibraryDecoder: AnyObject {
  func decode(_ payload: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int
  func conceal(samples count: Int, into samples: inout MutableSpan<Int16>) -> Int
}

extension LibraryDecoder {
  func samples(_ payload: [UInt8]) -> [Int16] {
    // Ten frames of 20 ms at 32 kHz, the most that a packet may have.
    var buffer = [Int16](repeating: 0, count: 6_400)
    var output = buffer.mutableSpan
    let count = decode(payload.span, into: &output)
    return Array(buffer[..<count])
  }

  func concealed(_ count: Int) -> [Int16] {
    var buffer = [Int16](repeating: 0, count: count)
    var output = buffer.mutableSpan
    let made = conceal(samples: count, into: &output)
    return Array(buffer[..<made])
  }
}

extension SpeexEncoder: LibraryEncoder {}
extension SpeexDecoder: LibraryDecoder {}
extension AMREncoder: LibraryEncoder {}
extension AMRDecoder: LibraryDecoder {}
#if G729
  extension G729Encoder: LibraryEncoder {}
  extension G729Decoder: LibraryDecoder {}
#endif
extension OpusEncoder: LibraryEncoder {}

extension OpusDecoder {
  func samples(_ payload: [UInt8]) -> [Int16] {
    var buffer = [Int16](repeating: 0, count: sampleRate * 120 / 1_000 * channels)
    var output = buffer.mutableSpan
    let count = decode(payload.span, into: &output)
    return Array(buffer[..<(count * channels)])
  }

  func fec(_ payload: [UInt8], samples count: Int) -> [Int16] {
    var buffer = [Int16](repeating: 0, count: sampleRate * 120 / 1_000 * channels)
    var output = buffer.mutableSpan
    let made = decodeFEC(payload.span, samples: count, into: &output)
    return Array(buffer[..<(made * channels)])
  }
}

extension GSMEncoder {
  mutating func packet(_ samples: [Int16]) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 330)
    var output = buffer.mutableSpan
    let count = encode(samples.span, into: &output)
    return Array(buffer[..<count])
  }
}

extension GSMDecoder {
  mutating func samples(_ payload: [UInt8]) -> [Int16] {
    var buffer = [Int16](repeating: 0, count: 1_600)
    var output = buffer.mutableSpan
    let count = decode(payload.span, into: &output)
    return Array(buffer[..<count])
  }

  mutating func concealed(_ count: Int) -> [Int16] {
    var buffer = [Int16](repeating: 0, count: count)
    var output = buffer.mutableSpan
    let made = conceal(samples: count, into: &output)
    return Array(buffer[..<made])
  }
}

extension AudioEncoder {
  mutating func packet(_ samples: [Int16]) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 4_000)
    var output = buffer.mutableSpan
    let count = encode(samples.span, into: &output)
    return Array(buffer[..<count])
  }
}

extension AudioDecoder {
  mutating func samples(_ payload: [UInt8]) -> [Int16] {
    var buffer = [Int16](repeating: 0, count: 5_760)
    var output = buffer.mutableSpan
    let count = decode(payload.span, into: &output)
    return Array(buffer[..<count])
  }

  mutating func concealed(_ count: Int) -> [Int16] {
    var buffer = [Int16](repeating: 0, count: 5_760)
    var output = buffer.mutableSpan
    let made = conceal(samples: count, into: &output)
    return Array(buffer[..<made])
  }

  mutating func lost(_ count: Int, before next: [UInt8]) -> [Int16] {
    var buffer = [Int16](repeating: 0, count: count)
    var output = buffer.mutableSpan
    let made = decodeLost(using: next.span, into: &output)
    return Array(buffer[..<made])
  }

  static func duration(_ format: CodecFormat, _ payload: [UInt8]) -> Int? {
    packetDuration(format, payload: payload.span)
  }
}
