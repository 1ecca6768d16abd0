import Primitives
import Testing
import TestSupport

@testable import SIP

/// RFC 4475 and RFC 5118: what must be accepted is, what must be refused is, with the code that they name.
@Suite(.enabled(if: Vectors.isPresent)) struct TortureTests {
  /// The status that a server of ours answers with before it looks at what it serves; nil: the message is usable.
  static func verdict(_ path: String) throws -> Int? {
    do {
      switch try SIPParser.parse(datagram: try Vectors.bytes(path)) {
      case .request(let request):
        let validation = RequestValidation(contentTypes: [.sdp, MediaType("multipart", "mixed")])
        return validation.check(request)?.status
      case .response: return nil
      }
    } catch let error as SIPParseError {
      return error.status
    }
  }

  static func rows(_ folder: String) throws -> [[String]] {
    try Vectors.text("sip/\(folder)/index.tsv").split(separator: "\n").dropFirst().map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// The index names an outcome for each file, and ours is one of those that it allows.
  @Test(arguments: ["rfc4475", "rfc5118"])
  func everyMessageHasAnOutcomeThatTheIndexNames(folder: String) throws {
    let rows = try Self.rows(folder)
    let files = try Vectors.list("sip/\(folder)").filter { $0.hasSuffix(".dat") }
    #expect(rows.map { $0[0] }.sorted() == files)
    #expect(rows.count == (folder == "rfc4475" ? 32 : 8))
    for row in rows {
      let expected = try #require(row.last)
      if let status = try Self.verdict("sip/\(folder)/\(row[0])") {
        #expect(expected.contains("\(status)"), "\(row[0]): \(status), not \(expected)")
      } else {
        let isAllowed = ["parse OK", "valid", "well-formed", "infer", "must not break", "processes it", "succeeds"]
          .contains { expected.contains($0) }
        #expect(isAllowed && !expected.hasPrefix("invalid"), "\(row[0]): accepted, not \(expected)")
      }
    }
  }

  /// The same messages on a stream: what is whole comes out, what claims to be longer waits, what has no end closes.
  @Test func tortureMessagesOnAStreamAreCutOrCloseIt() throws {
    for row in try Self.rows("rfc4475") {
      var framer = SIPStreamFramer()
      framer.append(try Vectors.bytes("sip/rfc4475/\(row[0])"))
      var messages = 0
      var isRefused = false
      var isOver = false
      while !isOver {
        do {
          switch try framer.next() {
          case .message: messages += 1
          case .ping, .pong: break
          case nil: isOver = true
          }
        } catch { isRefused = true }
      }
      switch row[0] {
      case "clerr.dat": #expect(messages == 0 && !isRefused && framer.pendingCount > 0, "waits for the rest")
      case "ncl.dat": #expect(messages == 0 && isRefused && framer.isBroken, "the end is not known")
      case "dblreq.dat": #expect(messages == 2, "what follows is the next message")
      default: if row[3] != "invalid" { #expect(messages == 1 && !isRefused, "\(row[0])") }
      }
    }
  }

  @Test func validTortureMessagesAreUsed() throws {
    let rows = try Self.rows("rfc4475").filter { $0[3] == "valid" || $0[3] == "transaction" }
    #expect(rows.count >= 10)
    for row in rows { #expect(try Self.verdict("sip/rfc4475/\(row[0])") == nil, "\(row[0])") }
  }

  @Test func invalidTortureMessagesAreRefused() throws {
    let rows = try Self.rows("rfc4475").filter { $0[3] == "invalid" }
    #expect(rows.count >= 10)
    for row in rows {
      // "400 (or infer quotes)": we infer.
      let expected: Int? = row[0] == "baddn.dat" ? nil : row[0] == "badvers.dat" ? 505 : 400
      #expect(try Self.verdict("sip/rfc4475/\(row[0])") == expected, "\(row[0])")
    }
  }

  @Test func messagesForTheApplicationAreAnsweredAsTheRFCSays() throws {
    let expected: [String: Int?] = [
      "unkscm.dat": 416, "novelsc.dat": 416, "unksm2.dat": nil, "bext01.dat": 420, "regaut01.dat": nil,
      "bcast.dat": nil,
      "zeromf.dat": nil, "cparam01.dat": nil, "regescrt.dat": nil, "sdp01.dat": 406,
    ]
    let rows = try Self.rows("rfc4475").filter { $0[3].hasPrefix("application") }
    #expect(rows.count == expected.count)
    for row in rows {
      let status = try #require(expected[row[0]])
      #expect(try Self.verdict("sip/rfc4475/\(row[0])") == status, "\(row[0])")
    }
  }

  @Test func addressesOfIPv6AreUnderstood() throws {
    for row in try Self.rows("rfc5118") {
      #expect(try Self.verdict("sip/rfc5118/\(row[0])") == (row[1].hasPrefix("invalid") ? 400 : nil), "\(row[0])")
    }
    let plain = try SIPParser.parse(datagram: try Vectors.bytes("sip/rfc5118/port-unambiguous.dat"))
    guard case .request(let request) = plain else { return #expect(Bool(false)) }
    #expect(request.uri.sip?.port == 5070)
    let received = try SIPParser.parse(datagram: try Vectors.bytes("sip/rfc5118/via-received-param-no-delim.dat"))
    #expect(received.headers.topVia?.received.flatMap { IPAddress($0) }?.isV6 == true)
  }

  static func request(_ name: String) throws -> SIPRequest {
    let message = try SIPParser.parse(datagram: try Vectors.bytes("sip/rfc4475/\(name).dat"))
    guard case .request(let request) = message else { throw SIPParseError(status: 0, reason: "no request") }
    return request
  }

  @Test func tortuousInviteKeepsItsMeaning() throws {
    let request = try Self.request("wsinv")
    #expect(request.method == .invite)
    #expect(request.headers.cSeq == CSeq(number: 9, method: .invite))
    #expect(request.headers.vias.count == 3)
    #expect(request.headers.vias.map(\.branch) == ["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"])
    #expect(request.headers.to?.tag == "1918181833n")
    #expect(request.headers.from?.displayName == "J Rosenberg \\\"")
    #expect(request.headers.maxForwards == 68)
    #expect(request.headers.contacts.first?.parameters.has("newparam") == true)
    #expect(request.body.count == 150)
  }

  @Test func escapesAreUndoneAndNullsEndNothing() throws {
    let null = try Self.request("escnull")
    #expect(null.headers.contacts.count == 2)
    #expect(null.headers.contacts.compactMap { $0.uri.sip?.user } == ["\u{0}", "\u{0}\u{0}"])
    let escaped = try Self.request("esc01")
    #expect(escaped.uri.text == "sip:sips%3Auser%40example.com@example.net")
    #expect(escaped.uri.sip?.user == "sips:user@example.com")
  }

  @Test func octetsBehindTheBodyAreIgnored() throws {
    let request = try Self.request("dblreq")
    #expect(request.method == .register)
    #expect(request.body.isEmpty)
  }

  @Test func parameterOfAContactIsNotTheURIs() throws {
    let contact = try #require(try Self.request("cparam01").headers.contacts.first)
    #expect(contact.parameters.has("unknownparam"))
    #expect(contact.uri.sip?.parameters.isEmpty == true)
    let escaped = try #require(try Self.request("regescrt").headers.contacts.first)
    #expect(escaped.uri.sip?.headers["Route"] == "<sip:sip.example.com>")
  }

  @Test func refusedRequestCanStillBeAnswered() throws {
    do {
      _ = try SIPParser.parse(datagram: try Vectors.bytes("sip/rfc4475/badvers.dat"))
      Issue.record("Version 7.0 was accepted")
    } catch let error as SIPParseError {
      let response = SIPResponse(status: error.status, to: try #require(error.request), toTag: "t1")
      #expect(response.headers.topVia?.branch == "z9hG4bKkdjuw")
      #expect(response.headers.to?.tag == "t1")
    }
  }

  @Test func partsOfAMultipartBodyAreFound() throws {
    let request = try Self.request("mpart01")
    let type = try #require(request.headers.contentType)
    let body = try #require(MultipartBody(contentType: type, body: request.body))
    #expect(body.parts.count == 2)
    #expect(body.parts.first?.contentType?.name == "text/plain")
    #expect(body.parts.first?.body == Array("Hello".utf8))
    #expect(body.parts.last?.contentType?.name == "application/octet-stream")
    #expect((body.parts.last?.body.count ?? 0) > 100)
  }
}
