@testable import ICE

/// Arrays in the place of spans, because `#expect` takes no span.
extension STUNMessage {
  static func parse(_ datagram: [UInt8]) throws(STUNError) -> STUNMessage { try parse(datagram.span) }
  static func localUfrag(in datagram: [UInt8]) -> UfragKey? { localUfrag(in: datagram.span) }

  func isAuthentic(_ datagram: [UInt8], key: [UInt8]) -> Bool { isAuthentic(datagram.span, key: key) }
  func unknownAttributes(in datagram: [UInt8], limit: Int) -> [UInt16] {
    unknownAttributes(in: datagram.span, limit: limit)
  }
}

extension FramedStream {
  mutating func append(_ chunk: [UInt8]) throws(Failure) { try append(chunk.span) }
  static func append(_ packet: [UInt8], to stream: inout [UInt8]) -> Bool { append(packet.span, to: &stream) }
}
