import Application
import Primitives
import SIP

/// The other end of a call, as far as it takes to write its messages.
struct Phone {
  var user = "alice"
  var host = "198.51.100.7:5062"
  var target = "sip:3000@conf.example"
  var callID = "call-1"
  var tag = "a1"
  /// Ours, once known.
  var toTag: String?
  var number: UInt32 = 1
  static let address = TransportAddress(.v4(0xC633_6407), port: 5062)
  static let source = SIPSource(transport: .udp, remote: address, local: RecordedWire.local)

  static let offer = """
    v=0\r
    o=- 1 1 IN IP4 198.51.100.7\r
    s=-\r
    c=IN IP4 198.51.100.7\r
    t=0 0\r
    m=audio 4000 RTP/AVP 0 101\r
    a=rtpmap:101 telephone-event/8000\r

    """
  static let strangeOffer = offer.replacing("RTP/AVP 0 101", with: "RTP/AVP 18")
  static func offer(_ direction: String, version: Int = 2) -> String {
    offer.replacing("o=- 1 1", with: "o=- 1 \(version)") + "a=\(direction)\r\n"
  }

  /// A request of this phone; each has a branch of its own.
  func request(_ method: SIPMethod, number: UInt32, body: String? = nil, type: String = "application/sdp") -> SIPRequest
  {
    var request = SIPRequest(method: method, uri: RequestURI(target))
    request.headers.append(
      "Via", "SIP/2.0/UDP \(host);branch=z9hG4bK-\(callID)-\(tag)-\(number)-\(method.rawValue)")
    request.headers.append("Max-Forwards", "70")
    request.headers.append("From", "<sip:\(user)@\(fromHost)>;tag=\(tag)")
    request.headers.append("To", "<\(target)>" + (toTag.map { ";tag=\($0)" } ?? ""))
    request.headers.append("Call-ID", callID)
    request.headers.append("CSeq", "\(number) \(method.rawValue)")
    request.headers.append("Contact", "<sip:\(user)@\(host)>")
    if let body {
      request.headers.append("Content-Type", type)
      request.body = Array(body.utf8)
    }
    return request
  }

  var fromHost = "198.51.100.7"

  mutating func invite(body: String? = Phone.offer) -> SIPRequest {
    number += 1
    return request(.invite, number: number, body: body)
  }

  /// A request other than ACK, with a number of its own.
  mutating func next(_ method: SIPMethod, body: String? = nil, type: String = "application/sdp") -> SIPRequest {
    number += 1
    return request(method, number: number, body: body, type: type)
  }

  func ack(body: String? = nil) -> SIPRequest { request(.ack, number: number, body: body) }

  mutating func learn(_ response: SIPResponse?) { toTag = response?.headers.to?.tag ?? toTag }

  static func transaction(_ request: SIPRequest) -> ServerTransactionID {
    guard let id = ServerTransactionID(request) else { preconditionFailure("A test's request has a Via.") }
    return id
  }

  /// What a called phone says to a request of ours.
  static func answer(
    _ status: Int, to request: SIPRequest, tag: String = "b1", body: String? = nil,
    headers: [(name: String, value: String)] = []
  ) -> SIPResponse {
    var response = SIPResponse(status: status, to: request, toTag: tag)
    response.headers.append("Contact", "<sip:bob@203.0.113.9:5064>")
    for header in headers { response.headers.append(header.name, header.value) }
    if let body {
      response.headers.append("Content-Type", "application/sdp")
      response.body = Array(body.utf8)
    }
    return response
  }
}
