import Primitives
import RTP
import TestSupport

/// What targets start from: conformance data where it is there, and a few of our own for where it is not.
enum Seeds {
  /// The files directly in some folders of the vectors; none where they are missing.
  static func files(_ folders: String..., suffix: String = "", limit: Int = 16_384) -> [[UInt8]] {
    var seeds: [[UInt8]] = []
    for folder in folders {
      for name in (try? Vectors.list(folder)) ?? [] where name.hasSuffix(suffix) && !name.hasSuffix(".tsv") {
        guard let bytes = try? Vectors.bytes("\(folder)/\(name)"), !bytes.isEmpty else { continue }
        seeds.append(Array(bytes.prefix(limit)))
      }
    }
    return seeds
  }

  /// Some datagrams of one kind out of the captures.
  static func datagrams(_ kind: PacketKind, each: Int = 12) -> [[UInt8]] {
    var seeds: [[UInt8]] = []
    for name in (try? Vectors.list("rtp")) ?? [] where name.hasSuffix(".pcap") {
      guard let capture = try? Capture("rtp/\(name)") else { continue }
      let fitting = capture.datagrams.filter { PacketKind.classify($0.payload.span) == kind }
      let step = max(fitting.count / each, 1)
      for index in stride(from: 0, to: fitting.count, by: step).prefix(each) { seeds.append(fitting[index].payload) }
    }
    return seeds
  }

  /// An RTP packet of ours.
  static func packet(type: UInt8, sequence: UInt16, timestamp: UInt32, ssrc: UInt32, payload: [UInt8]) -> [UInt8] {
    var packet = [UInt8](repeating: 0, count: RTPHeader.size)
    do {
      var span = packet.mutableSpan
      _ = RTPHeader.write(
        into: &span, payloadType: type, marker: false, sequence: sequence, timestamp: timestamp, ssrc: ssrc)
    }
    return packet + payload
  }
}
