import Primitives
import Testing

@testable import SIP

@Suite struct URITests {
  @Test func partsAreTakenApart() throws {
    let uri = try SIPURI(parsing: "sips:al%20ice:pa:ss@[2001:DB8::1]:5070;transport=tls;lr?subject=a%26b&x=")
    #expect(uri.scheme == .sips)
    #expect(uri.user == "al ice")
    #expect(uri.password == "pa:ss")
    #expect(uri.host == .address(try #require(IPAddress("2001:db8::1"))))
    #expect(uri.port == 5070)
    #expect(uri.transport == .tls)
    #expect(uri.parameters.has("LR"))
    #expect(uri.headers["Subject"] == "a&b")
    #expect(SIPURI(uri.description) == uri)
  }

  @Test(arguments: [
    "", "sip:", "sip:@host", "sip:a@", "sip:a@b:", "sip:a@b:65536", "sip:a@b:-1", "sip:a b@c", "sip:2001:db8::1",
    "sip:%4@host", "sip:%zz@host", "sip:a@b;", "sip:a@b;;lr", "<sip:a@b>", "tel:+1", "sip:a@[::1", "sip:a@h?",
    "sip:a@b\r\nVia: x",
  ]) func brokenURIsAreRefused(text: String) { #expect(SIPURI(text) == nil) }

  /// The examples of RFC 3261, section 19.1.4.
  @Test func equivalenceFollowsTheExamples() throws {
    let same = [
      ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtlanTa.CoM;Transport=tcp"),
      ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
      ("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"),
      (
        "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
        "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"
      ),
      (
        "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
        "sip:alice@atlanta.com?priority=urgent&subject=project%20x"
      ),
    ]
    for (left, right) in same {
      #expect(try SIPURI(parsing: left).isEquivalent(to: try SIPURI(parsing: right)), "\(left)")
      #expect(try SIPURI(parsing: right).isEquivalent(to: try SIPURI(parsing: left)), "\(left)")
    }
    let different = [
      ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
      ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
      ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
      ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
      ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"),
    ]
    for (left, right) in different {
      #expect(!(try SIPURI(parsing: left).isEquivalent(to: try SIPURI(parsing: right))), "\(left)")
    }
  }

  @Test(arguments: ["sip:r;x=;x", "sip:a@b;X=1;x=2", "sip:a@b?a=1&a=2", "sip:a@b?A=2&a=1"])
  func repeatedNamesLeaveAURIEquivalentToItself(text: String) throws {
    let uri = try SIPURI(parsing: text)
    #expect(uri.isEquivalent(to: uri))
  }

  @Test func otherSchemesSurvive() {
    let tel = RequestURI("tel:+358-555-1234567;postd=pp22")
    #expect(tel.sip == nil)
    #expect(tel.scheme == "tel")
    #expect(tel.text == "tel:+358-555-1234567;postd=pp22")
    #expect(!tel.isMalformed)
    #expect(RequestURI("sip:a b").isMalformed)
    #expect(RequestURI("nothing").isMalformed)
  }
}
