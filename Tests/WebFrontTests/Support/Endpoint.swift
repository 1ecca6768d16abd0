import HTTPTypes
import Testing

@testable import WebFront

/// One endpoint of the interface, asked rightly.
struct Endpoint: Sendable, CustomTestStringConvertible {
  var method: HTTPRequest.Method
  var path: String
  var body = ""
  /// The least role that may.
  var role: Access.Role
  /// The status when all is well.
  var status = 200
  /// What the control plane is asked then.
  var asks: String

  var testDescription: String { "\(method) \(path)" }

  static let all = [
    Endpoint(method: .get, path: "status", role: .viewer, asks: "status"),
    Endpoint(method: .post, path: "drain", role: .admin, status: 202, asks: "drain"),
    Endpoint(method: .get, path: "events", role: .viewer, asks: "events"),
    Endpoint(method: .get, path: "rooms", role: .viewer, asks: "rooms"),
    Endpoint(
      method: .post, path: "rooms", body: #"{"name": "3000"}"#, role: .supervisor, status: 201, asks: "create 3000"),
    Endpoint(method: .get, path: "rooms/3000", role: .viewer, asks: "room 3000"),
    Endpoint(method: .patch, path: "rooms/3000", body: #"{"locked": true}"#, role: .supervisor, asks: "update 3000"),
    Endpoint(method: .delete, path: "rooms/3000", role: .supervisor, status: 204, asks: "close 3000"),
    Endpoint(method: .get, path: "rooms/3000/members", role: .viewer, asks: "members 3000"),
    Endpoint(
      method: .patch, path: "rooms/3000/members/m1", body: #"{"muted": true}"#, role: .agent, asks: "member m1 3000"),
    Endpoint(
      method: .delete, path: "rooms/3000/members/m1", role: .supervisor, status: 204, asks: "remove m1 3000"),
    Endpoint(
      method: .post, path: "rooms/3000/members/m1/move", body: #"{"room": "3001"}"#, role: .supervisor,
      asks: "move m1 3000 3001"),
    Endpoint(
      method: .put, path: "rooms/3000/members/m1/supervision", body: #"{"mode": "whisper"}"#, role: .supervisor,
      asks: "whisper m1 3000"),
    Endpoint(
      method: .post, path: "rooms/3000/consult", body: #"{"members": ["m1", "m2"]}"#, role: .agent, status: 201,
      asks: "consult 3000 m1 m2"),
    Endpoint(method: .delete, path: "rooms/3000/consult", role: .agent, asks: "merge 3000"),
    Endpoint(method: .get, path: "calls", role: .viewer, asks: "calls"),
    Endpoint(method: .get, path: "contexts/c1", role: .viewer, asks: "context c1"),
    Endpoint(method: .get, path: "widgets", role: .viewer, asks: "widgets"),
    Endpoint(method: .post, path: "relays", role: .agent, asks: "relays"),
    Endpoint(
      method: .post, path: "calls", body: #"{"uri": "sip:a@b", "room": "3000"}"#, role: .agent, status: 201,
      asks: "dial sip:a@b"),
    Endpoint(method: .get, path: "calls/c1", role: .viewer, asks: "call c1"),
    Endpoint(method: .delete, path: "calls/c1", role: .agent, status: 204, asks: "hangup c1"),
    Endpoint(method: .get, path: "prompts", role: .viewer, asks: "prompts"),
    Endpoint(
      method: .post, path: "rooms/3000/plays", body: #"{"prompts": ["welcome"]}"#, role: .agent, status: 201,
      asks: "play 3000"),
    Endpoint(method: .delete, path: "rooms/3000/plays/7", role: .agent, status: 204, asks: "stop 7 3000"),
    Endpoint(method: .post, path: "rooms/3000/recordings", role: .agent, status: 201, asks: "record 3000"),
    Endpoint(method: .get, path: "recordings", role: .supervisor, asks: "recordings"),
    Endpoint(method: .get, path: "recordings/r1", role: .supervisor, asks: "recording r1"),
    Endpoint(
      method: .patch, path: "recordings/r1", body: #"{"action": "pause"}"#, role: .agent, asks: "pause r1"),
    Endpoint(method: .delete, path: "recordings/r1", role: .admin, status: 204, asks: "delete r1"),
    Endpoint(
      method: .get, path: "recordings/r1/files/mix.wav", role: .supervisor, asks: "file r1 mix.wav"),
    Endpoint(method: .get, path: "recordings/r1/export", role: .supervisor, asks: "export r1"),
    Endpoint(method: .get, path: "recordings/r1/accesses", role: .supervisor, asks: "accesses r1"),
    Endpoint(method: .post, path: "recordings/r1/tickets", role: .supervisor, status: 201, asks: "recording r1"),
    Endpoint(method: .get, path: "verification", role: .supervisor, asks: "verification"),
    Endpoint(
      method: .post, path: "verification", body: #"{"number": 0, "hash": "00"}"#, role: .supervisor, status: 202,
      asks: "verify"),
    Endpoint(method: .get, path: "webhooks", role: .admin, asks: "webhooks"),
    Endpoint(method: .get, path: "webhooks/crm/deliveries", role: .admin, asks: "deliveries crm"),
  ]

  /// As `rooms/{room}/members`, for the contract.
  var template: String {
    let names = [
      "rooms": "room", "members": "member", "calls": "call", "plays": "play", "recordings": "recording",
      "files": "file", "contexts": "context", "webhooks": "webhook",
    ]
    let parts = path.split(separator: "/").map(String.init)
    return parts.indices.map { $0 % 2 == 1 ? "{\(names[parts[$0 - 1]] ?? "?")}" : parts[$0] }
      .joined(separator: "/")
  }
}
