import NIOCore
import Primitives
import SIP

/// Which address of ours a peer reaches us at: the sockets as bound, the machine's networks, and the public addresses.
struct LocalAddresses: Sendable {
  /// One address of the machine with the length of its network's prefix in bits.
  struct Interface: Hashable, Sendable {
    var ip: IPAddress
    var prefix: Int
  }

  var bound: [SIPFrontConfiguration.Listener] = []
  var publicAddresses: [IPAddress] = []
  var interfaces: [Interface] = []

  /// Nil if no listener speaks that transport and address family.
  func address(toward remote: IPAddress, transport: SIPTransport) -> TransportAddress? {
    let remote = remote.unmapped
    let fitting = bound.filter { $0.transport == transport && $0.address.ip.isV6 == remote.isV6 }
    guard !fitting.isEmpty else { return nil }
    let wanted = source(toward: remote)
    // A listener on that very address, else one on any address, else whatever there is.
    if let exact = fitting.first(where: { $0.address.ip == wanted }) { return exact.address }
    guard let any = fitting.first(where: { $0.address.ip.isUnspecified }), let wanted else {
      let first = fitting[0].address
      guard !isNear(remote), let outside = publicAddress(like: remote) else { return first }
      return TransportAddress(outside, port: first.port)
    }
    return TransportAddress(wanted, port: any.address.port)
  }

  /// The address that a packet to there carries, as peers see it.
  private func source(toward remote: IPAddress) -> IPAddress? {
    if remote.isLoopback { return remote.isV6 ? .loopbackV6 : .loopbackV4 }
    if let near = interfaces.first(where: { LocalAddresses.contains($0, remote) }) { return near.ip }
    if let outside = publicAddress(like: remote) { return outside }
    return interfaces.first { $0.ip.isV6 == remote.isV6 && !$0.ip.isLoopback }?.ip
  }

  private func isNear(_ remote: IPAddress) -> Bool {
    remote.isLoopback || interfaces.contains { LocalAddresses.contains($0, remote) }
  }

  private func publicAddress(like remote: IPAddress) -> IPAddress? {
    publicAddresses.first { $0.isV6 == remote.isV6 }
  }

  static func contains(_ network: Interface, _ ip: IPAddress) -> Bool {
    switch (network.ip, ip) {
    case (.v4(let own), .v4(let other)):
      return network.prefix <= 0 || (own ^ other) >> UInt32(32 - min(network.prefix, 32)) == 0
    case (.v6(let upper, let lower), .v6(let otherUpper, let otherLower)):
      let high = min(max(network.prefix, 0), 64)
      let low = min(max(network.prefix - 64, 0), 64)
      // A shift by the full width gives zero.
      return (upper ^ otherUpper) >> UInt64(64 - high) == 0 && (lower ^ otherLower) >> UInt64(64 - low) == 0
    case (.v4, .v6), (.v6, .v4):
      return false
    }
  }

  /// The machine's addresses now; link-local IPv6, which needs a zone, is left out.
  static func readInterfaces() -> [Interface] {
    guard let devices = try? System.enumerateDevices() else { return [] }
    return devices.compactMap { device in
      guard let ip = device.address?.transportAddress?.ip else { return nil }
      if case .v6(let upper, _) = ip, upper >> 54 == 0x3FA { return nil }
      return Interface(ip: ip, prefix: prefix(of: device.netmask?.transportAddress?.ip, for: ip))
    }
  }

  private static func prefix(of mask: IPAddress?, for ip: IPAddress) -> Int {
    switch mask {
    case .v4(let bits): bits.nonzeroBitCount
    case .v6(let upper, let lower): upper.nonzeroBitCount + lower.nonzeroBitCount
    case nil: ip.isV6 ? 128 : 32
    }
  }
}
