import Primitives
import Testing

@testable import SIP

/// RFC 3261, section 12.
@Suite struct DialogTests {
  static func request(_ lines: String...) throws -> SIPRequest {
    let text = lines.joined(separator: "\r\n") + "\r\n\r\n"
    guard case .request(let request) = try SIPParser.parse(datagram: Array(text.utf8)) else { throw NoRequest() }
    return request
  }
  struct NoRequest: Error {}

  static func invite() throws -> SIPRequest {
    try request(
      "INVITE sip:b@example.com SIP/2.0", "Via: SIP/2.0/UDP 10.0.0.5;branch=z9hG4bKa",
      "Record-Route: <sip:p2.example.com;lr>, <sip:p1.example.com;lr>", "From: \"A\" <sip:a@example.com>;tag=theirs",
      "To: <sip:b@example.com>", "Call-ID: c1", "CSeq: 10 INVITE", "Contact: <sip:a@10.0.0.5:5062>",
      "Max-Forwards: 70", "Content-Length: 0")
  }

  static func called() throws -> Dialog { try Dialog(uas: invite(), localTag: "ours", confirmed: true) }

  static func calling(recordRoute: String = "<sip:p1;lr>, <sip:p2;lr>") throws -> Dialog {
    var invite = try invite()
    invite.headers.remove("Record-Route")
    var response = SIPResponse(status: 200, to: invite, toTag: "answer")
    response.headers.append("Contact", "<sip:b@10.0.0.9:5090>")
    response.headers.append("Record-Route", recordRoute)
    return try Dialog(uac: invite, response: response)
  }

  @Test func theCalledEndKeepsTheRouteOrderAndTheCallersContact() throws {
    var dialog = try Self.called()
    #expect(dialog.id == DialogID(callID: "c1", localTag: "ours", remoteTag: "theirs"))
    let bye = dialog.makeRequest(.bye)
    #expect(bye.uri.text == "sip:a@10.0.0.5:5062")
    #expect(bye.headers.list("Route") == ["<sip:p2.example.com;lr>", "<sip:p1.example.com;lr>"])
    #expect(bye.headers.from?.tag == "ours" && bye.headers.to?.tag == "theirs")
    #expect(bye.headers["To"] == "\"A\" <sip:a@example.com>;tag=theirs")
    #expect(bye.headers.cSeq == CSeq(number: 1, method: .bye))
    #expect(dialog.makeRequest(.options).headers.cSeq?.number == 2)
  }

  @Test func theCallingEndReversesTheRoutesAndGoesOnCounting() throws {
    var dialog = try Self.calling()
    let ack = dialog.acknowledge(10)
    #expect(ack.headers.list("Route") == ["<sip:p2;lr>", "<sip:p1;lr>"])
    #expect(ack.headers.cSeq == CSeq(number: 10, method: .ack))
    #expect(ack.uri.text == "sip:b@10.0.0.9:5090")
    let again = dialog.makeRequest(.invite, contact: "<sip:a@10.0.0.5>")
    #expect(again.headers.cSeq?.number == 11)
    #expect(again.headers["Contact"] == "<sip:a@10.0.0.5>")
    #expect(dialog.nextHop.text == "sip:p2;lr")
  }

  @Test func aStrictRouterBecomesTheRequestURI() throws {
    var dialog = try Self.calling(recordRoute: "<sip:p1;lr>, <sip:strict.example.com>")
    let bye = dialog.makeRequest(.bye)
    #expect(bye.uri.text == "sip:strict.example.com")
    #expect(bye.headers.list("Route") == ["<sip:p1;lr>", "<sip:b@10.0.0.9:5090>"])
  }

  @Test func requestsOutOfOrderOrOfAnotherDialogAreTold() throws {
    var dialog = try Self.called()
    func request(_ method: String, _ number: UInt32, tag: String = "theirs") throws -> SIPRequest {
      try Self.request(
        "\(method) sip:b@10.0.0.1 SIP/2.0", "Via: SIP/2.0/UDP 10.0.0.5;branch=z9hG4bKb",
        "From: <sip:a@example.com>;tag=\(tag)", "To: <sip:b@example.com>;tag=ours", "Call-ID: c1",
        "CSeq: \(number) \(method)", "Contact: <sip:new@10.0.0.7>", "Max-Forwards: 70", "Content-Length: 0")
    }
    #expect(dialog.receive(try request("INFO", 9)) == .outOfOrder)
    #expect(dialog.receive(try request("INFO", 14)) == .accepted)
    #expect(dialog.remoteTarget == "sip:a@10.0.0.5:5062")
    #expect(dialog.receive(try request("INVITE", 15)) == .accepted)
    #expect(dialog.remoteTarget == "sip:new@10.0.0.7")
    #expect(dialog.receive(try request("ACK", 10)) == .accepted)
    #expect(dialog.receive(try request("BYE", 16, tag: "spoofed")) == .foreign)
  }

  @Test func a2xxConfirmsAnEarlyDialogAndRefreshesItsTarget() throws {
    let invite = try Self.invite()
    var ringing = SIPResponse(status: 180, to: invite, toTag: "answer")
    ringing.headers.set("Record-Route", "<sip:early;lr>")
    var dialog = try Dialog(uac: invite, response: ringing)
    #expect(dialog.state == .early)
    var answer = SIPResponse(status: 200, to: invite, toTag: "answer")
    answer.headers.set("Record-Route", "<sip:late;lr>")
    answer.headers.append("Contact", "<sip:b@10.0.0.9>")
    dialog.receive(answer)
    #expect(dialog.state == .confirmed)
    #expect(dialog.routeSet == ["<sip:late;lr>"])
    #expect(dialog.remoteTarget == "sip:b@10.0.0.9")
    #expect(DialogID(incoming: answer) == dialog.id)
  }

  @Test func noDialogComesFrom100OrFromARefusal() throws {
    let invite = try Self.invite()
    for status in [100, 404] {
      #expect(throws: DialogError.noDialog) {
        try Dialog(uac: invite, response: SIPResponse(status: status, to: invite, toTag: "x"))
      }
    }
    var bare = invite
    bare.headers.remove("Contact")
    #expect(throws: DialogError.missing(header: "Contact")) { try Dialog(uas: bare, localTag: "x", confirmed: false) }
  }
}
