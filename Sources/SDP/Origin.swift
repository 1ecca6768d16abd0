import Primitives

/// The `o=` line: who made the description, and its version. RFC 8866, section 5.2.
package struct Origin: Hashable, Sendable {
  package var username: String
  /// Digits; 64 bits in practice, but no limit is said.
  package var sessionID: String
  package var sessionVersion: String
  package var networkType: String
  package var addressType: String
  package var address: String

  package init(
    username: String = "-", sessionID: String, sessionVersion: String, networkType: String = "IN",
    addressType: String, address: String
  ) {
    self.username = username
    self.sessionID = sessionID
    self.sessionVersion = sessionVersion
    self.networkType = networkType
    self.addressType = addressType
    self.address = address
  }

  package init(username: String = "-", sessionID: UInt64, version: UInt64, address: IPAddress) {
    self.init(
      username: username, sessionID: String(sessionID), sessionVersion: String(version),
      addressType: address.isV6 ? "IP6" : "IP4", address: address.description)
  }

  init(parsing value: String) {
    let parts = value.split { $0 == " " || $0 == "\t" }.map(String.init)
    // Some devices write fewer fields; nothing that we do depends on a peer's origin.
    func part(_ index: Int, _ other: String) -> String { index < parts.count ? parts[index] : other }
    self.init(
      username: part(0, "-"), sessionID: part(1, "0"), sessionVersion: part(2, "0"), networkType: part(3, "IN"),
      addressType: part(4, "IP4"), address: part(5, "0.0.0.0"))
  }
}

extension Origin: CustomStringConvertible {
  package var description: String {
    "\(username) \(sessionID) \(sessionVersion) \(networkType) \(addressType) \(address)"
  }
}
