/// Limits of the registrar: RFC 3261, section 10.
package struct RegistrarSettings: Hashable, Sendable {
  /// Seconds; shorter wishes are answered with 423.
  package var minimumExpires: UInt32 = 60
  package var maximumExpires: UInt32 = 7_200
  package var defaultExpires: UInt32 = 3_600
  package var contactsPerUser = 10
  package init() {}
}
