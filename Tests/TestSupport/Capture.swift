import Primitives

/// The UDP datagrams of a classic pcap file, whichever octet order and link type it has.
package struct Capture {
  package struct Datagram {
    package var at: Instant
    package var source: TransportAddress
    package var destination: TransportAddress
    package var payload: [UInt8]
  }

  package private(set) var datagrams: [Datagram] = []

  package init(_ path: String) throws {
    let file = try Vectors.bytes(path)
    var reader = ByteReader(file.span)
    let isLittle = file.starts(with: [0xD4, 0xC3, 0xB2, 0xA1])
    func number(_ value: UInt32) -> Int { Int(isLittle ? value.byteSwapped : value) }
    guard reader.skip(20), let link = reader.readUInt32() else { return }
    while let seconds = reader.readUInt32(), let micros = reader.readUInt32(), let kept = reader.readUInt32(),
      reader.skip(4), let frame = reader.readBytes(number(kept))
    {
      let at = Instant(nanoseconds: Int64(number(seconds)) * 1_000_000_000 + Int64(number(micros)) * 1_000)
      var start = [1: 14, 113: 16, 276: 20][number(link)] ?? 0
      // A VLAN tag.
      if number(link) == 1, frame.count > 18, frame[12] == 0x81, frame[13] == 0 { start = 18 }
      if let datagram = Self.datagram(frame.dropFirst(start), at: at) { datagrams.append(datagram) }
    }
  }

  private static func datagram(_ packet: ArraySlice<UInt8>, at: Instant) -> Datagram? {
    let bytes = Array(packet)
    guard bytes.count >= 28, bytes[0] >> 4 == 4, bytes[9] == 17 else { return nil }
    let header = Int(bytes[0] & 15) * 4
    var reader = ByteReader(bytes.span)
    guard reader.skip(12), let from = reader.readUInt32(), let to = reader.readUInt32(), reader.skip(header - 20),
      let sourcePort = reader.readUInt16(), let destinationPort = reader.readUInt16(), let length = reader.readUInt16(),
      reader.skip(2)
    else { return nil }
    let payload = reader.readBytes(min(max(0, Int(length) - 8), reader.remaining)) ?? []
    return Datagram(
      at: at, source: TransportAddress(.v4(from), port: sourcePort),
      destination: TransportAddress(.v4(to), port: destinationPort), payload: payload)
  }
}
