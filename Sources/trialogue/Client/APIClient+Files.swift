import Foundation
import FoundationNetworking

extension APIClient {
  /// Octets of a file that are asked for at a time.
  static let piece: Int64 = 8 << 20

  /// Reads a file of a recording in pieces, so that one of any length fits. Returns how many octets came: more than the entry says
  /// shows as a difference too.
  @discardableResult
  func file(
    _ name: String, of recording: String, octets: Int64, isDownload: Bool = false, receive: (Data) throws -> Void
  ) async throws -> Int64 {
    var offset: Int64 = 0
    while true {
      let last = offset + Self.piece - 1
      let data: Data
      do {
        data = try await call(
          "GET", "recordings/\(recording)/files/\(name)\(isDownload ? "?download=1" : "")",
          headers: ["Range": "bytes=\(offset)-\(last)"])
      } catch let failure as APIFailure where failure.status == 416 { return offset }
      try receive(data)
      offset += Int64(data.count)
      if data.count < Self.piece { return offset }
    }
  }

  /// Writes what the server gives to a file, however long it is.
  func download(_ path: String, to target: String) async throws {
    guard let url = URL(string: "\(server.absoluteString)/api/v1/\(path)") else {
      throw APIFailure(message: "'\(path)' makes no address")
    }
    var request = URLRequest(url: url)
    if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    let sent = request
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      URLSession.shared.downloadTask(with: sent) { file, response, error in
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard let file, status == 200 else {
          let reason = error.map { "\($0)" } ?? "The server answered \(status)"
          return done.resume(throwing: APIFailure(message: reason, status: status))
        }
        do {
          if FileManager.default.fileExists(atPath: target) { try FileManager.default.removeItem(atPath: target) }
          // The file goes when this returns.
          try FileManager.default.moveItem(atPath: file.path, toPath: target)
          done.resume()
        } catch {
          done.resume(throwing: APIFailure(message: "'\(target)' cannot be written; --to names another directory"))
        }
      }.resume()
    }
  }
}
