import FoundationNetworking

#if canImport(FoundationEssentials)
  import FoundationEssentials
#endif
import Foundation

/// Talks to the REST interface of a running server.
struct APIClient: Sendable {
  var server: URL
  var token: String?

  /// Answers that are no 2xx become `APIFailure` with the problem's own sentence.
  func call(
    _ method: String, _ path: String, body: [String: JSONValue]? = nil, headers: [String: String] = [:]
  ) async throws -> Data {
    guard let url = URL(string: "\(server.absoluteString)/api/v1/\(path)") else {
      throw APIFailure(message: "'\(path)' makes no address; names have letters, digits, '-', '_', '.' and '+'")
    }
    var request = URLRequest(url: url)
    request.httpMethod = method
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    if let body {
      request.httpBody = try JSONEncoder().encode(body)
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    }
    let (data, response): (Data, URLResponse)
    do { (data, response) = try await URLSession.shared.data(for: request) } catch {
      throw APIFailure(
        message: "No server answers at \(server.absoluteString). Is 'trialogue serve' running? --server names another")
    }
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    guard (200..<300).contains(status) else {
      let problem = try? JSONDecoder().decode([String: JSONValue].self, from: data)
      throw APIFailure(message: problem?["detail"]?.text ?? "The server answered \(status)", status: status)
    }
    return data
  }

  func get<Value: Decodable>(_ type: Value.Type, _ path: String) async throws -> Value {
    try JSONDecoder().decode(type, from: try await call("GET", path))
  }

  /// The lines of the event stream until it ends.
  func events(_ receive: (String) -> Void) async throws {
    guard let url = URL(string: "\(server.absoluteString)/api/v1/events") else { return }
    var request = URLRequest(url: url)
    request.timeoutInterval = .greatestFiniteMagnitude
    if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    let stream = EventLines(request: request)
    for await line in stream.lines { receive(line) }
  }
}

/// Why a command failed; its text is for people.
struct APIFailure: Error, CustomStringConvertible {
  var message: String
  /// Of the answer; 0 if there was none.
  var status = 0
  var description: String { message }
}
