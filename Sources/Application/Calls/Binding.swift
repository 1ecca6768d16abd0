import Primitives
import SIP

/// One contact of a registered user: RFC 3261, section 10.
package struct Binding: Hashable, Sendable {
  package var contact: SIPURI
  package var callID: String
  package var number: UInt32
  package var expires: Instant
  /// Where the REGISTER came from; calls to the user go back there (RFC 5626 in spirit).
  package var source: SIPSource

  package init(contact: SIPURI, callID: String, number: UInt32, expires: Instant, source: SIPSource) {
    self.contact = contact
    self.callID = callID
    self.number = number
    self.expires = expires
    self.source = source
  }
}
