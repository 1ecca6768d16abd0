import Primitives

/// The network that a visitor calls from: a /24 of IPv4, a /56 of IPv6, which is what one household or office has.
package struct VisitorNetwork: Hashable, Sendable {
  package let prefix: IPAddress

  package init(of address: IPAddress) {
    switch address.unmapped {
    case .v4(let bits): prefix = .v4(bits & 0xFFFF_FF00)
    case .v6(let upper, _): prefix = .v6(upper & ~0xFF, 0)
    }
  }
}
