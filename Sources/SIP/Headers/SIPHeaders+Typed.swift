/// Header values by their meaning. A value that cannot be read is nil, or missing from a list.
extension SIPHeaders {
  package var vias: [Via] { list("Via").compactMap { Via($0) } }
  /// Nil also if the first Via cannot be read, even if a later one can.
  package var topVia: Via? { all("Via").first.flatMap { SIPHeaders.split($0).first }.flatMap { Via($0) } }
  package var from: NameAddress? { self["From"].flatMap { NameAddress($0) } }
  package var to: NameAddress? { self["To"].flatMap { NameAddress($0) } }
  /// `Contact: *` is none of them; see `hasWildcardContact`.
  package var contacts: [NameAddress] { addresses("Contact") }
  /// `Contact: *` of a REGISTER that removes all bindings (RFC 3261, section 10.2.2).
  package var hasWildcardContact: Bool { list("Contact").contains("*") }
  package var routes: [NameAddress] { addresses("Route") }
  package var recordRoutes: [NameAddress] { addresses("Record-Route") }
  package var cSeq: CSeq? { self["CSeq"].flatMap { CSeq($0) } }
  package var callID: String? { self["Call-ID"].flatMap { $0.isEmpty ? nil : $0 } }
  package var maxForwards: Int? { self["Max-Forwards"].flatMap { CharacterClass.saturated($0, as: Int.self) } }
  /// Seconds; too large a number stays at 2^32 − 1.
  package var expires: UInt32? { seconds("Expires") }
  package var minExpires: UInt32? { seconds("Min-Expires") }
  package var contentType: MediaType? { self["Content-Type"].flatMap { MediaType($0) } }
  package var contentDisposition: ParameterizedToken? {
    self["Content-Disposition"].flatMap { ParameterizedToken(parsing: $0) }
  }
  package var accept: [MediaType] { list("Accept").compactMap { MediaType($0) } }
  package var require: [String] { list("Require") }
  package var supported: [String] { list("Supported") }
  package var allow: [String] { list("Allow") }
  package var referTo: NameAddress? { self["Refer-To"].flatMap { NameAddress($0) } }
  package var referredBy: NameAddress? { self["Referred-By"].flatMap { NameAddress($0) } }
  package var replaces: Replaces? { self["Replaces"].flatMap { Replaces($0) } }
  package var sessionExpires: SessionExpires? { self["Session-Expires"].flatMap { SessionExpires($0) } }
  package var minSE: UInt32? { seconds("Min-SE") }
  package var rSeq: UInt32? { self["RSeq"].flatMap { CharacterClass.number($0, as: UInt32.self) } }
  package var rAck: RAck? { self["RAck"].flatMap { RAck($0) } }
  package var event: EventPackage? { self["Event"].flatMap { EventPackage($0) } }
  package var subscriptionState: SubscriptionState? { self["Subscription-State"].flatMap { SubscriptionState($0) } }
  /// Seconds.
  package var retryAfter: UInt32? { seconds("Retry-After") }
  package var reason: ReasonValue? { list("Reason").first.flatMap { ReasonValue($0) } }
  package var assertedIdentities: [NameAddress] { addresses("P-Asserted-Identity") }

  private func addresses(_ name: String) -> [NameAddress] { list(name).compactMap { NameAddress($0) } }

  private func seconds(_ name: String) -> UInt32? { self[name].flatMap { DeltaSeconds.parse($0)?.0 } }
}
