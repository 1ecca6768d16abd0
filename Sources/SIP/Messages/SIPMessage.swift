/// What stands in a datagram or comes out of a stream: RFC 3261, section 7.
package enum SIPMessage: Hashable, Sendable {
  case request(SIPRequest)
  case response(SIPResponse)

  package var headers: SIPHeaders {
    switch self {
    case .request(let request): request.headers
    case .response(let response): response.headers
    }
  }

  package func encoded() -> [UInt8] {
    switch self {
    case .request(let request): request.encoded()
    case .response(let response): response.encoded()
    }
  }
}
