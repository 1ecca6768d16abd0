import Foundation
import FoundationNetworking

/// The lines of a response that does not end, as they come.
final class EventLines: NSObject, URLSessionDataDelegate, Sendable {
  let lines: AsyncStream<String>
  private let continuation: AsyncStream<String>.Continuation

  init(request: URLRequest) {
    (lines, continuation) = AsyncStream.makeStream(of: String.self)
    super.init()
    let session = URLSession(configuration: .default, delegate: self, delegateQueue: nil)
    session.dataTask(with: request).resume()
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n") { continuation.yield(String(line)) }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    continuation.finish()
  }
}
