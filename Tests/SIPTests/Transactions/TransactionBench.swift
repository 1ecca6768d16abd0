import Primitives
import Testing

@testable import SIP

/// A transaction layer in virtual time, with what it did sorted by kind.
struct TransactionBench {
  var layer: TransactionLayer
  var now = Instant.zero
  var sent: [(at: Instant, message: SIPMessage, peer: TransactionPeer, owner: TransactionOwner)] = []
  var delivered: [(request: SIPRequest, id: ServerTransactionID)] = []
  var acknowledged: [SIPRequest] = []
  var cancelled: [ServerTransactionID] = []
  var responses: [(response: SIPResponse, id: ClientTransactionID)] = []
  var failures: [(id: ClientTransactionID, failure: TransactionFailure)] = []

  static let phone = TransportAddress(.v4(0xC000_0205), port: 33_000)  // 192.0.2.5
  static let server = TransportAddress(.v4(0xC000_0201), port: 5_060)  // 192.0.2.1
  static let udp = TransactionPeer(transport: .udp, remote: phone, local: server)
  static let tcp = TransactionPeer(transport: .tcp, remote: phone, local: server, flow: 7)
  static let call = ClientTransactionID(rawValue: 1)

  init(limits: TransactionLayer.Limits = .init()) {
    layer = TransactionLayer(random: .seeded(1), limits: limits)
  }

  mutating func receive(_ text: String, from peer: TransactionPeer = udp) throws {
    layer.receive(try Self.parse(text), from: peer, at: now)
    try drain()
  }

  mutating func respond(_ status: Int, toTag: String? = "ours", to index: Int = 0) throws {
    let (request, id) = try #require(delivered.indices.contains(index) ? delivered[index] : nil)
    layer.respond(SIPResponse(status: status, to: request, toTag: toTag), in: id, at: now)
    try drain()
  }

  mutating func send(_ text: String, to peer: TransactionPeer = udp, id: ClientTransactionID = call) throws {
    guard case .request(let request) = try Self.parse(text) else { return }
    layer.send(request, id: id, to: peer, at: now)
    try drain()
  }

  /// The peer's response to what we sent as `index`.
  mutating func answer(_ status: Int, to index: Int = 0, tag: String = "theirs") throws {
    guard case .request(let request) = try #require(sent.indices.contains(index) ? sent[index] : nil).message else {
      return
    }
    layer.receive(.response(SIPResponse(status: status, to: request, toTag: tag)), from: Self.udp, at: now)
    try drain()
  }

  mutating func cancel() throws {
    layer.cancel(Self.call, at: now)
    try drain()
  }

  /// Lets time pass, timer by timer.
  mutating func run(milliseconds: Int64) throws {
    let end = now.advanced(byMilliseconds: milliseconds)
    while let deadline = layer.deadline, deadline <= end {
      now = max(now, deadline)
      layer.timeout(at: now)
      try drain()
    }
    now = end
  }

  mutating func drain() throws {
    while let action = layer.nextAction() {
      switch action {
      case .send(let bytes, let peer, let owner):
        sent.append((now, try SIPParser.parse(datagram: bytes), peer, owner))
      case .deliver(let request, let id, _): delivered.append((request, id))
      case .deliverACK(let request, _): acknowledged.append(request)
      case .cancelled(let id): cancelled.append(id)
      case .response(let response, let id): responses.append((response, id))
      case .failed(let id, let failure): failures.append((id, failure))
      }
    }
  }

  /// Status codes and methods of what was sent, in order.
  var sentNames: [String] {
    sent.map { entry in
      switch entry.message {
      case .request(let request): request.method.rawValue
      case .response(let response): String(response.status)
      }
    }
  }
  /// When it was sent, in milliseconds.
  var sentTimes: [Int64] { sent.map { $0.at.nanoseconds / 1_000_000 } }
  var sentRequests: [SIPRequest] {
    sent.compactMap { if case .request(let request) = $0.message { request } else { nil } }
  }
  var sentResponses: [SIPResponse] {
    sent.compactMap { if case .response(let response) = $0.message { response } else { nil } }
  }

  static func parse(_ text: String) throws -> SIPMessage { try SIPParser.parse(datagram: Array(text.utf8)) }

  /// A request as a phone sends it.
  static func request(
    _ method: String, branch: String = "z9hG4bKa", to: String = "<sip:3000@example.com>", number: Int = 1,
    via: String? = nil, callID: String = "c1", extra: [String] = []
  ) -> String {
    let top = via ?? "SIP/2.0/UDP 10.0.0.5:5062;branch=\(branch);rport"
    let lines =
      [
        "\(method) sip:3000@example.com SIP/2.0", "Via: \(top)", "Max-Forwards: 70", "From: <sip:a@example.com>;tag=f",
        "To: \(to)", "Call-ID: \(callID)", "CSeq: \(number) \(method)", "Contact: <sip:a@10.0.0.5:5062>",
      ] + extra + ["Content-Length: 0"]
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
  }

  /// A request of ours, before its Via.
  static func outgoing(_ method: String) -> String {
    let lines = [
      "\(method) sip:b@192.0.2.5:33000 SIP/2.0", "Max-Forwards: 70", "From: <sip:room@example.com>;tag=us",
      "To: <sip:b@example.com>", "Call-ID: out", "CSeq: 7 \(method)", "Route: <sip:p1;lr>, <sip:p2;lr>",
      "Contact: <sip:room@192.0.2.1>", "Content-Length: 0",
    ]
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
  }
}
