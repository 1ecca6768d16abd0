import Primitives
import Testing

@testable import SIP

@Suite struct HeaderTests {
  @Test func compactFormsAndCaseMeanTheSame() {
    var headers: SIPHeaders = ["v": "SIP/2.0/UDP a", "FROM": "<sip:a@b>;tag=1", "k": "timer, 100rel", "X-Odd": "1"]
    #expect(headers.fields.map(\.name) == ["Via", "From", "Supported", "X-Odd"])
    #expect(headers.supported == ["timer", "100rel"])
    #expect(headers["x-odd"] == "1")
    headers.prepend("Via", "SIP/2.0/TLS b:5061;branch=z9hG4bKx")
    #expect(headers.topVia?.host == .name("b"))
    #expect(headers.vias.map(\.transport) == ["TLS", "UDP"])
    headers.append("Via", "SIP/2.0/WS c")
    headers.set("v", "SIP/2.0/TCP d")
    #expect(headers.all("Via") == ["SIP/2.0/TCP d"])
    headers.remove("f")
    #expect(headers.from == nil)
  }

  @Test func listsAreSplitOutsideOfQuotesAndBrackets() {
    let headers: SIPHeaders = [
      "Contact": "\"A, \\\"B\" <sip:a,b@c>;q=0.5 , <sip:d@e> ,, sip:f@g", "Date": "Sat, 13 Nov",
    ]
    #expect(headers.list("Contact").count == 3)
    #expect(headers.contacts.map(\.displayName) == ["A, \"B", nil, nil])
    #expect(headers.contacts.first?.parameters["Q"] == "0.5")
    #expect(headers.list("Date") == ["Sat, 13 Nov"])
  }

  @Test func viaIsReadWithItsSpaces() throws {
    let via = try #require(Via("SIP / 2.0 / udp [2001:db8::9]:5061 ; rport ;branch=z9hG4bK7; received=192.0.2.1"))
    #expect(via.knownTransport == .udp)
    #expect(via.port == 5061)
    #expect(via.parameters.has("rport"))
    #expect(via.rport == nil)
    #expect(via.received == "192.0.2.1")
    #expect(via.description == "SIP/2.0/UDP [2001:db8::9]:5061;rport;branch=z9hG4bK7;received=192.0.2.1")
  }

  @Test func quotedParametersKeepTheirQuotes() throws {
    let text = "<sip:a@b>;+sip.instance=\"<urn:uuid:1>\";expires=60"
    var address = try #require(NameAddress(text))
    #expect(address.parameters["+sip.instance"] == "<urn:uuid:1>")
    #expect(address.description == text)
    address.tag = "x"
    address.parameters["note"] = "a b"
    #expect(address.description == text + ";tag=x;note=\"a b\"")
  }

  @Test func numbersOutOfRangeAreNoNumbers() {
    let headers: SIPHeaders = [
      "CSeq": "4294967296 INVITE", "Expires": "99999999999999999999", "Max-Forwards": "-1", "RSeq": "+5",
    ]
    #expect(headers.cSeq == nil)
    #expect(headers.expires == .max)
    #expect(headers.maxForwards == nil)
    #expect(headers.rSeq == nil)
  }

  @Test func smallHeadersAreReadAndPrinted() throws {
    #expect(SessionExpires("1800 ; refresher=UAS") == SessionExpires(seconds: 1800, refresher: .uas))
    #expect(SessionExpires(seconds: 90, refresher: .uac).description == "90;refresher=uac")
    #expect(RAck("776656 1 INVITE") == RAck(number: 776_656, cSeq: CSeq(number: 1, method: .invite)))
    let replaces = try #require(Replaces("98732@sip.example.com ;from-tag=r33th4x0r ;to-tag=ff87ff;early-only"))
    #expect(Replaces(replaces.description) == replaces)
    #expect(EventPackage("refer;id=93809824")?.id == "93809824")
    #expect(SubscriptionState("active;expires=60")?.expires == 60)
    #expect(
      ReasonValue("Q.850;cause=16;text=\"Terminated\"") == ReasonValue(protocol: "Q.850", cause: 16, text: "Terminated")
    )
    let headers: SIPHeaders = ["Retry-After": "18000 (in a meeting);duration=3600"]
    #expect(headers.retryAfter == 18_000)
  }

  @Test func oddValuesAreQuotedWhenTheyArePrinted() throws {
    let event = try #require(EventPackage("x;id=\"a;b\""))
    #expect(EventPackage(event.description) == event)
    let state = try #require(SubscriptionState("active;reason=\"no \\\"way\\\"\""))
    #expect(SubscriptionState(state.description) == state)
    let replaces = try #require(Replaces("x;to-tag=\"a;early-only\";from-tag=b"))
    #expect(!replaces.isEarlyOnly)
    #expect(Replaces(replaces.description) == replaces)
    let credentials = try #require(
      DigestCredentials("Digest username=u, realm=r, nonce=n, uri=x, response=\"a\\\", qop=b\""))
    #expect(DigestCredentials(credentials.description) == credentials)
  }

  @Test func foldedLinesOfAPartAreJoined() throws {
    let body = Array(("--x\r\na: b" + String(repeating: "\r\n c", count: 1_000) + "\r\n\r\nd\r\n--x--").utf8)
    var type = MediaType("multipart", "mixed")
    type.parameters["boundary"] = "x"
    let part = try #require(MultipartBody(contentType: type, body: body)?.parts.first)
    #expect(part.headers["a"] == "b" + String(repeating: " c", count: 1_000))
    #expect(part.body == Array("d".utf8))
  }

  @Test func fieldsOfAPartAreCapped() throws {
    let body = Array(("--x\r\n" + String(repeating: "a: b\r\n", count: 1_000) + "\r\nd\r\n--x--").utf8)
    var type = MediaType("multipart", "mixed")
    type.parameters["boundary"] = "x"
    let part = try #require(MultipartBody(contentType: type, body: body)?.parts.first)
    #expect(part.headers.fields.count == MultipartBody.fieldLimit)
    #expect(part.body == Array("d".utf8))
  }

  @Test func valueCannotMakeAField() {
    let request = SIPRequest(
      method: .message, uri: RequestURI("sip:a@b"), headers: ["Subject": "x\r\nRoute: <sip:evil>\n\ny"])
    let text = String(decoding: request.encoded(), as: UTF8.self)
    #expect(text == "MESSAGE sip:a@b SIP/2.0\r\nSubject: x  Route: <sip:evil>  y\r\nContent-Length: 0\r\n\r\n")
  }

  @Test func answerCopiesWhatItMust() throws {
    let request = SIPRequest(
      method: .invite, uri: RequestURI("sip:a@b"),
      headers: [
        "Via": "SIP/2.0/UDP p, SIP/2.0/UDP q", "Record-Route": "<sip:r;lr>", "From": "<sip:c@d>;tag=1",
        "To": "<sip:a@b>",
        "Call-ID": "x", "CSeq": "1 INVITE", "Timestamp": "54", "Subject": "no",
      ])
    let ringing = SIPResponse(status: 180, to: request, toTag: "2")
    #expect(ringing.reason == "Ringing")
    #expect(ringing.headers.to?.tag == "2")
    #expect(ringing.headers.fields.map(\.name) == ["Via", "Record-Route", "From", "To", "Call-ID", "CSeq"])
    let trying = SIPResponse(status: 100, to: request, toTag: "2")
    #expect(trying.headers.to?.tag == nil)
    #expect(trying.headers["Timestamp"] == "54")
  }

  @Test func sdpIsFoundInAMultipartBody() {
    let body = "--b1\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b1\r\nc: application/SDP\r\n\r\nv=0\r\n\r\n--b1--\r\n"
    let headers: SIPHeaders = ["Content-Type": "multipart/mixed;boundary=\"b1\""]
    #expect(MultipartBody.content(.sdp, headers: headers, body: Array(body.utf8)) == Array("v=0\r\n".utf8))
    #expect(MultipartBody.content(.sdp, headers: ["c": "application/sdp"], body: [1]) == [1])
    #expect(MultipartBody.content(.sdp, headers: ["c": "text/plain"], body: [1]) == nil)
  }
}
