import Application
import Primitives
import SIP
import Testing

/// A user with a password, as it answers our challenges.
struct Login {
  let bench: CallBench
  var phone: Phone
  var password = "pw"
  var algorithm = DigestAlgorithm.sha256
  /// In the credentials; the phone's user if nil.
  var username: String?

  init(_ bench: CallBench, user: String = "carol") {
    self.bench = bench
    phone = Phone(user: user, target: "sip:3000@conf.example", callID: "login-\(user)", fromHost: "conf.example")
  }

  static func settings(_ settings: inout CallSettings) { settings.users = [CallUser(name: "carol", password: "pw")] }

  /// The challenge in a 401 that this login answers.
  func challenge(in response: SIPResponse?) -> DigestChallenge? {
    response?.headers.all("WWW-Authenticate").compactMap { DigestChallenge($0) }.first { $0.algorithm == algorithm }
  }

  func credentials(
    for request: SIPRequest, answering challenge: DigestChallenge, count: UInt32 = 1
  ) -> DigestCredentials? {
    challenge.answer(
      username: username ?? phone.user, secret: .password(password), method: request.method, uri: request.uri.text,
      body: request.body, count: count, clientNonce: "c0ffee")
  }

  /// Sends a request, and once more with credentials if it is challenged; the statuses of the last answers.
  mutating func send(
    _ method: SIPMethod, body: String? = nil, from source: SIPSource = Phone.source,
    _ change: (inout SIPRequest) -> Void = { _ in }
  ) async -> [SIPResponse] {
    var request = phone.next(method, body: body)
    change(&request)
    let first = await bench.deliver(request, from: source)
    guard first.last?.status == 401, let challenge = challenge(in: first.last) else { return first }
    var again = phone.next(method, body: body)
    change(&again)
    if let credentials = credentials(for: again, answering: challenge) {
      again.headers.append("Authorization", credentials.description)
    }
    return await bench.deliver(again, from: source)
  }

  @discardableResult
  mutating func register(expires: UInt32 = 600, _ change: (inout SIPRequest) -> Void = { _ in }) async -> SIPResponse? {
    let user = phone.user
    return await send(.register) { request in
      request.uri = RequestURI("sip:conf.example")
      request.headers.set("To", "<sip:\(user)@conf.example>")
      request.headers.append("Expires", "\(expires)")
      change(&request)
    }.last
  }
}
