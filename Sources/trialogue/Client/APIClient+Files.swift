import Foundation

extension APIClient {
  /// Octets of a file that are asked for at a time.
  static let piece: Int64 = 8 << 20

  /// Reads a file of a recording in pieces, so that one of any length fits. Returns how many octets came: more than the entry says
  /// shows as a difference too.
  @discardableResult
  func file(
    _ name: String, of recording: String, octets: Int64, receive: (Data) throws -> Void
  ) async throws -> Int64 {
    var offset: Int64 = 0
    while true {
      let last = offset + Self.piece - 1
      let data: Data
      do {
        data = try await call(
          "GET", "recordings/\(recording)/files/\(name)", headers: ["Range": "bytes=\(offset)-\(last)"])
      } catch let failure as APIFailure where failure.status == 416 { return offset }
      try receive(data)
      offset += Int64(data.count)
      if data.count < Self.piece { return offset }
    }
  }
}
