import Primitives

/// A `c=` line: RFC 8866, section 5.7.
package struct Connection: Hashable, Sendable {
  package var networkType: String
  package var addressType: String
  /// Address or name, with the TTL and count of a multicast address: `233.252.0.1/127`.
  package var address: String

  package init(networkType: String = "IN", addressType: String, address: String) {
    self.networkType = networkType
    self.addressType = addressType
    self.address = address
  }

  package init(_ address: IPAddress) {
    self.init(addressType: address.isV6 ? "IP6" : "IP4", address: address.description)
  }

  /// Nil for a name.
  package var ip: IPAddress? {
    address.split(separator: "/", omittingEmptySubsequences: false).first.flatMap { IPAddress($0) }
  }

  init?(parsing value: String) {
    let parts = value.split { $0 == " " || $0 == "\t" }.map(String.init)
    guard parts.count >= 3 else { return nil }
    self.init(networkType: parts[0], addressType: parts[1], address: parts[2])
  }
}

extension Connection: CustomStringConvertible {
  package var description: String { "\(networkType) \(addressType) \(address)" }
}
