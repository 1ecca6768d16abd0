import Primitives
import Testing
import TestSupport

@testable import SIP

/// Other parsers' messages and mutations of all of them: nothing traps, and what parses prints and parses again the same.
@Suite(.enabled(if: Vectors.isPresent)) struct SurvivalTests {
  static func corpus() throws -> [(name: String, bytes: [UInt8])] {
    var corpus: [(name: String, bytes: [UInt8])] = []
    for folder in ["rfc4475", "rfc5118", "sofia-sip", "kamailio", "captures", "phones"] {
      for name in try Vectors.list("sip/\(folder)") where !name.hasSuffix(".tsv") {
        corpus.append(("\(folder)/\(name)", try Vectors.bytes("sip/\(folder)/\(name)")))
      }
    }
    return corpus
  }

  /// Walks through everything that reads a message; true if it parsed.
  @discardableResult static func exercise(_ bytes: [UInt8], name: String) -> Bool {
    var framer = SIPStreamFramer()
    framer.append(bytes)
    while (try? framer.next()) ?? nil != nil {}
    guard let message = try? SIPParser.parse(datagram: bytes) else { return false }
    let printed = message.encoded()
    do {
      let again = try SIPParser.parse(datagram: printed)
      #expect(again == message, "\(name) changes when it is printed")
      #expect(again.encoded() == printed, "\(name) prints differently")
    } catch { Issue.record("\(name) does not parse again: \(error)") }
    let headers = message.headers
    for via in headers.vias { #expect(Via(via.description) == via, "\(name): \(via)") }
    for address in headers.contacts + headers.routes + headers.recordRoutes
      + [headers.from, headers.to, headers.referTo, headers.referredBy].compactMap({ $0 })
    {
      #expect(NameAddress(address.description) == address, "\(name): \(address)")
      if let uri = address.uri.sip {
        #expect(SIPURI(uri.description) == uri)
        #expect(uri.isEquivalent(to: uri))
      }
    }
    if let cSeq = headers.cSeq { #expect(CSeq(cSeq.description) == cSeq) }
    if let type = headers.contentType {
      #expect(MediaType(type.description) == type)
      let body =
        switch message {
        case .request(let request): request.body
        case .response(let response): response.body
        }
      _ = MultipartBody(contentType: type, body: body)?.first(.sdp)
    }
    _ = (headers.sessionExpires, headers.minSE, headers.rAck, headers.rSeq, headers.event, headers.subscriptionState)
    _ = (headers.expires, headers.retryAfter, headers.reason, headers.replaces, headers.maxForwards)
    for name in ["Authorization", "Proxy-Authorization"] {
      for value in headers.all(name) {
        if let credentials = DigestCredentials(value) {
          #expect(DigestCredentials(credentials.description) == credentials)
        }
      }
    }
    for value in headers.all("WWW-Authenticate") + headers.all("Proxy-Authenticate") {
      if let challenge = DigestChallenge(value) { #expect(DigestChallenge(challenge.description) == challenge) }
    }
    if case .request(let request) = message {
      _ = RequestValidation(methods: [.invite, .ack], contentTypes: [.sdp]).check(request)
      _ = SIPResponse(status: 200, to: request, toTag: "x").encoded()
    }
    return true
  }

  @Test func everyMessageSurvivesPrinting() throws {
    let corpus = try Self.corpus()
    #expect(corpus.count > 130)
    let parsed = corpus.filter { Self.exercise($0.bytes, name: $0.name) }
    #expect(parsed.count > 90)
  }

  @Test func messagesOfOtherServersAreRead() throws {
    // These are deliberately broken or captures.
    for entry in try Self.corpus() where entry.name.hasPrefix("phones/") {
      #expect(throws: Never.self, "\(entry.name)") { try SIPParser.parse(datagram: entry.bytes) }
    }
  }

  @Test func mutatedMessagesNeverTrap() throws {
    let corpus = try Self.corpus().filter { $0.bytes.count < 8_192 }
    var random = RandomSource.seeded(0x3261)
    let spice = Array(" \t\r\n:;,<>\"\\@%=?[]()/0\u{0}9\u{7F}Z".utf8) + [0x80, 0xC3, 0xFF]
    var parsed = 0
    for round in 0..<10_000 {
      guard let entry = corpus.randomElement(using: &random) else { return }
      var bytes = entry.bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.insert(spice.randomElement(using: &random) ?? 0, at: index)
        case 2: bytes[index] = spice.randomElement(using: &random) ?? 0
        case 3: bytes.removeSubrange(index..<min(bytes.count, index + Int.random(in: 1...16, using: &random)))
        case 4: bytes.removeLast(bytes.count - index)
        default:
          let end = min(bytes.count, index + Int.random(in: 1...64, using: &random))
          bytes.insert(contentsOf: Array(bytes[index..<end]), at: Int.random(in: 0..<bytes.count, using: &random))
        }
      }
      if Self.exercise(bytes, name: "round \(round) of \(entry.name)") { parsed += 1 }
    }
    #expect(parsed > 1_000)
  }
}
