import Primitives
import SIP
import TestSupport
import Testing

/// Datagrams for the SIP parser, and everything that is read out of a message that parses.
@Suite struct SIPDatagramFuzzing {
  @Test func datagramsAreReadTheSameTwiceOrRefused() {
    var fuzzer = Fuzzer("sip-datagram", seeds: SIPWords.seeds, tokens: SIPWords.tokens, isText: true, limit: 8_192)
    fuzzer.run { (input, _) throws(FuzzFailure) in try Self.read(input) }.check()
  }

  static func read(_ input: [UInt8]) throws(FuzzFailure) -> FuzzOutcome {
    let message: SIPMessage
    do {
      message = try SIPParser.parse(datagram: input)
    } catch {
      try FuzzFailure.unless((400..<600).contains(error.status), "a refusal has a status to answer with")
      if let request = error.request { _ = SIPResponse(status: error.status, to: request, toTag: "t").encoded() }
      var outcome = FuzzOutcome.refused
      outcome.add(error.status)
      outcome.add(error.reason.hasPrefix("Version") ? "Version" : error.reason)
      return outcome
    }
    try printAgain(message)
    return try use(message)
  }

  static func printAgain(_ message: SIPMessage) throws(FuzzFailure) {
    let printed = message.encoded()
    // What is read may grow in print, past what may be read: compact names, mended UTF-8.
    guard printed.count - body(message).count <= SIPLimits().headerBytes else { return }
    let again: SIPMessage
    do { again = try SIPParser.parse(datagram: printed) } catch {
      throw FuzzFailure("a printed message parses", error.reason)
    }
    try FuzzFailure.unless(again == message, "a printed message is the same message")
    try FuzzFailure.unless(again.encoded() == printed, "a printed message prints the same")
  }

  static func body(_ message: SIPMessage) -> [UInt8] {
    switch message {
    case .request(let request): request.body
    case .response(let response): response.body
    }
  }

  /// Reads all that somebody may ask of a message.
  static func use(_ message: SIPMessage) throws(FuzzFailure) -> FuzzOutcome {
    var outcome = FuzzOutcome.accepted
    let headers = message.headers
    outcome.add(size: headers.fields.count)
    try FuzzFailure.unless(headers.fields.count <= SIPLimits().fields, "a message has no more fields than allowed")
    for field in headers.fields.prefix(64) {
      outcome.add(field.name.utf8.count < 20 ? Int(headers.all(field.name).count) : 0)
    }
    outcome.add(size: headers.vias.count)
    outcome.add(size: headers.contacts.count + headers.routes.count + headers.recordRoutes.count)
    outcome.add(headers.from != nil)
    outcome.add(headers.to?.tag != nil)
    outcome.add(headers.cSeq != nil)
    outcome.add((headers.referTo ?? headers.referredBy) != nil)
    outcome.add(headers.sessionExpires != nil)
    outcome.add(headers.event != nil || headers.subscriptionState != nil || headers.replaces != nil)
    outcome.add(headers.rAck != nil || headers.reason != nil || headers.retryAfter != nil || headers.minSE != nil)
    if let type = headers.contentType, let parts = MultipartBody(contentType: type, body: body(message)) {
      try FuzzFailure.unless(parts.parts.count <= MultipartBody.partLimit, "a body has no more parts than allowed")
      outcome.add(size: parts.parts.count)
      outcome.add(parts.first(.sdp) != nil)
    }
    switch message {
    case .request(let request):
      let refusal = RequestValidation(methods: [.invite, .ack, .bye], contentTypes: [.sdp]).check(request)
      outcome.add(refusal?.status ?? 0)
      for status in [100, 180, 200, 404] { _ = SIPResponse(status: status, to: request, toTag: "t").encoded() }
    case .response(let response):
      outcome.add(response.status / 100)
      outcome.add(DigestChallenge.choose(from: headers, status: response.status) != nil)
    }
    return outcome
  }
}
