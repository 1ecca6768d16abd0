import Foundation
import Primitives

/// RTP partners that something else has agreed on, for servers that are not called by SIP. As JSON:
///
/// ```
/// {"codec": "pcmu", "streams": [{"room": 0, "local": "127.0.0.1:40000", "remote": "127.0.0.1:20000", "payloadType": 0}]}
/// ```
/// `codec` of a stream goes before that of the plan; without `payloadType` the codec's usual one is sent.
struct LoadPlan: Decodable {
  struct Stream: Decodable {
    var room: Int?
    var local: String
    var remote: String
    var codec: CallerFormat?
    var payloadType: UInt8?
  }

  var codec: CallerFormat?
  var streams: [Stream]

  /// The streams with their addresses understood, grouped by room in their order.
  struct Entry {
    var room: Int
    var format: CallerFormat
    var partner: CallerOrder.Partner
  }

  static func read(_ path: String) throws -> [Entry] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TargetProblem("\(path): cannot be read; check the path and its permissions")
    }
    let plan: LoadPlan
    do { plan = try JSONDecoder().decode(LoadPlan.self, from: data) } catch {
      throw TargetProblem("\(path): is no plan: \(error)")
    }
    return try plan.streams.enumerated().map { index, stream in
      guard let local = TransportAddress(stream.local), let remote = TransportAddress(stream.remote) else {
        throw TargetProblem("\(path): streams[\(index)]: write addresses as '127.0.0.1:40000'")
      }
      guard let format = stream.codec ?? plan.codec else {
        throw TargetProblem("\(path): streams[\(index)]: codec is missing, here and in the plan")
      }
      return Entry(
        room: stream.room ?? 0, format: format,
        partner: .plain(
          local: local, remote: remote, payloadType: stream.payloadType ?? format.usualPayloadType))
    }
  }
}
