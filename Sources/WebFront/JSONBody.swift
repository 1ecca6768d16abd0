import Application
import HTTPTypes
import Hummingbird
import NIOCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON in and out of the REST interface, with errors that name the member at fault.
enum JSONBody {
  /// Octets of a request's body at the most.
  static let limit = 65_536

  static func response(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(value)
    return Response(
      status: status, headers: [.contentType: "application/json; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
  }

  /// Reads the body as `type`. An empty body counts as `{}`; members that the type does not know are refused.
  static func read<Value: Decodable>(
    _ type: Value.Type, from request: Request, known: Set<String>
  ) async throws -> Value {
    let buffer: ByteBuffer
    do { buffer = try await request.body.collect(upTo: limit) } catch {
      throw Problem(
        status: .contentTooLarge, title: "Body too large", detail: "A request's body has at most \(limit) octets")
    }
    // Forms are what a browser sends across sites without asking.
    if buffer.readableBytes > 0, request.headers[.contentType]?.lowercased().hasPrefix("application/json") != true {
      throw Problem(
        status: .unsupportedMediaType, title: "Unsupported media type", detail: "Send 'Content-Type: application/json'")
    }
    return try decode(type, from: Data(buffer.readableBytesView), known: known)
  }

  /// The same for a body that has been read whole. Throws a `Problem` that says what is wrong with it.
  static func decode<Value: Decodable>(_ type: Value.Type, from body: Data, known: Set<String>) throws -> Value {
    let data = body.isEmpty ? Data("{}".utf8) : body
    do {
      let keys = try JSONDecoder().decode(AnyKeys.self, from: data).names
      if let unknown = keys.subtracting(known).sorted().first {
        throw Problem(
          status: .badRequest, title: "Invalid request",
          detail: "Unknown member '\(unknown)'; known are: \(known.sorted().joined(separator: ", "))", field: unknown)
      }
      return try JSONDecoder().decode(type, from: data)
    } catch let problem as Problem {
      throw problem
    } catch let DecodingError.keyNotFound(key, _) {
      throw Problem(
        status: .badRequest, title: "Invalid request", detail: "Member '\(key.stringValue)' is missing",
        field: key.stringValue)
    } catch let DecodingError.typeMismatch(_, context) {
      let field = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw Problem(
        status: .badRequest, title: "Invalid request",
        detail: field.isEmpty ? "The body is a JSON object" : "Member '\(field)' has the wrong type", field: field)
    } catch let DecodingError.dataCorrupted(context) {
      let field = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw Problem(
        status: .badRequest, title: "Invalid request",
        detail: field.isEmpty ? "The body is no valid JSON" : "Member '\(field)' has no allowed value", field: field)
    } catch {
      throw Problem(status: .badRequest, title: "Invalid request", detail: "The body could not be read as JSON")
    }
  }

  /// The names of an object's members.
  private struct AnyKeys: Decodable {
    var names: Set<String>
    private struct Name: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
    init(from decoder: any Decoder) throws {
      names = Set(try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue))
    }
  }
}
