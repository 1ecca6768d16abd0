import Primitives
import SDP
import SIP

@testable import trialogue

/// A SIP server as a script: takes what the callers send, and says what a test wants, in virtual time.
struct ScriptedServer {
  static let address = TransportAddress(.v4(0xC633_6401), port: 5060)
  static let local = TransportAddress(.v4(0xC000_0201), port: 40_000)
  static let rtp = TransportAddress(ScriptedServer.local.ip, port: 41_000)

  var agent: CallAgent
  var now = Instant.zero + .seconds(1)
  /// What was sent since the last time, in order.
  private(set) var requests: [SIPRequest] = []
  private(set) var responses: [SIPResponse] = []
  private(set) var told: [AgentAction] = []

  init(transport: SIPTransport = .udp, credentials: AgentCredentials? = nil) {
    agent = CallAgent(
      local: Self.local, server: Self.address, transport: transport, credentials: credentials, random: .seeded(5))
  }

  mutating func call(_ id: Int = 1, security: LocalSecurity = .none) {
    agent.call(
      CallerID(id), uri: "sip:3000@conf.example", name: "caller\(id)", format: .pcmu, rtp: Self.rtp, security: security,
      at: now)
    drain()
  }

  mutating func hangUp(_ id: Int = 1) {
    agent.hangUp(CallerID(id), at: now)
    drain()
  }

  /// The newest request of that method.
  func last(_ method: SIPMethod) -> SIPRequest? { requests.last { $0.method == method } }

  mutating func answer(
    _ status: Int, to request: SIPRequest, body: String? = nil, headers: [(String, String)] = []
  ) {
    var response = SIPResponse(status: status, to: request, toTag: "s1")
    response.headers.append("Contact", "<sip:3000@\(Self.address)>")
    for (name, value) in headers { response.headers.append(name, value) }
    if let body {
      response.headers.append("Content-Type", "application/sdp")
      response.body = Array(body.utf8)
    }
    deliver(response.encoded())
  }

  /// A request in the dialog that `invite` began.
  mutating func ask(
    _ method: SIPMethod, in invite: SIPRequest, number: UInt32 = 1, body: String? = nil, toTag: String? = nil
  ) {
    var request = SIPRequest(method: method, uri: RequestURI("sip:caller@\(Self.local)"))
    request.headers.append("Via", "SIP/2.0/UDP \(Self.address);branch=z9hG4bK-s\(number)\(method.rawValue)")
    request.headers.append("Max-Forwards", "70")
    request.headers.append("From", "<sip:3000@conf.example>;tag=s1")
    let tag = toTag ?? invite.headers.from?.tag ?? ""
    request.headers.append("To", "<sip:caller@\(Self.local)>;tag=\(tag)")
    request.headers.append("Call-ID", invite.headers.callID ?? "")
    request.headers.append("CSeq", "\(number) \(method.rawValue)")
    request.headers.append("Contact", "<sip:3000@\(Self.address)>")
    if let body {
      request.headers.append("Content-Type", "application/sdp")
      request.body = Array(body.utf8)
    }
    deliver(request.encoded())
  }

  mutating func deliver(_ octets: [UInt8]) {
    agent.receive(octets.span, from: Self.address, at: now)
    drain()
  }

  /// The connection breaks.
  mutating func disconnect() {
    agent.lose("gone")
    drain()
  }

  /// Lets time pass, stopping at every deadline on the way.
  mutating func pass(_ duration: Duration) {
    let end = now + duration
    while let next = agent.deadline, next <= end {
      now = max(next, now)
      agent.timeout(at: now)
      drain()
    }
    now = end
  }

  private mutating func drain() {
    while let action = agent.nextAction() {
      guard case .send(let octets, let destination) = action else {
        told.append(action)
        continue
      }
      precondition(destination == Self.address, "Everything goes to the one server.")
      switch try? SIPParser.parse(datagram: octets) {
      case .request(let request): requests.append(request)
      case .response(let response): responses.append(response)
      case nil: preconditionFailure("What the callers send can be parsed.")
      }
    }
  }

  static func description(port: Int = 5_000, payloadType: Int = 0) -> String {
    "v=0\r\no=- 7 7 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\n"
      + "m=audio \(port) RTP/AVP \(payloadType)\r\n"
  }
}
