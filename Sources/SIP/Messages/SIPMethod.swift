/// The method of a request: RFC 3261, section 7.1. Case counts, and unknown methods are kept as they came.
package struct SIPMethod: RawRepresentable, Hashable, Sendable, Codable {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ name: String) { self.init(rawValue: name) }

  package static let invite = SIPMethod("INVITE")
  package static let ack = SIPMethod("ACK")
  package static let bye = SIPMethod("BYE")
  package static let cancel = SIPMethod("CANCEL")
  package static let options = SIPMethod("OPTIONS")
  package static let register = SIPMethod("REGISTER")
  package static let prack = SIPMethod("PRACK")
  package static let update = SIPMethod("UPDATE")
  package static let refer = SIPMethod("REFER")
  package static let info = SIPMethod("INFO")
  package static let notify = SIPMethod("NOTIFY")
  package static let subscribe = SIPMethod("SUBSCRIBE")
  package static let message = SIPMethod("MESSAGE")
  package static let publish = SIPMethod("PUBLISH")
}

extension SIPMethod: CustomStringConvertible {
  package var description: String { rawValue }
}
