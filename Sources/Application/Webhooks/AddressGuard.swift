import Primitives

/// Which addresses the server may be sent to by a URL: public ones, and the operator's own networks where he has named them.
///
/// A URL must not reach what only this machine can reach: its own ports, the neighbours, the metadata service of a cloud. What
/// counts is the address that is connected to, however it was spelt or looked up.
package struct AddressGuard: Hashable, Sendable {
  /// Not public, or of another purpose: the registries of RFC 6890.
  static let closed = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4",
    // Within global unicast: tunnels that hold an IPv4 address, documentation.
    "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
  ].compactMap { IPNetwork($0) }
  /// Global unicast: beyond it no IPv6 address is public, nor one that holds an IPv4 address by NAT64.
  static let open = IPNetwork(.v6(0x2000_0000_0000_0000, 0), length: 3)

  package var own: [IPNetwork]

  package init(own: [IPNetwork] = []) { self.own = own }

  package func permits(_ address: IPAddress) -> Bool { isOwn(address) || isPublic(address) }

  package func isOwn(_ address: IPAddress) -> Bool { own.contains { $0.contains(address) } }

  private func isPublic(_ address: IPAddress) -> Bool {
    let address = address.unmapped
    if address.isV6, Self.open?.contains(address) != true { return false }
    return !Self.closed.contains { $0.contains(address) }
  }
}
