import NIOCore
import NIOPosix
import Primitives

/// Looks host names up with the system's resolver (/etc/hosts, then A and AAAA) on a thread of its own, and remembers the
/// answers for a minute.
struct HostResolver {
  private struct Answer {
    var ip: IPAddress
    var until: Instant
  }

  private static let cacheLimit = 256
  private static let lifetime = Duration.seconds(60)

  private var cache: [String: Answer] = [:]
  private let pool: NIOThreadPool

  init(pool: NIOThreadPool) { self.pool = pool }

  /// Without a look-up: nil if one is needed. `localhost` is always the loopback (RFC 6761, section 6.3).
  func known(_ name: String, preferV6: Bool, at now: Instant) -> IPAddress? {
    let name = name.lowercased()
    if name == "localhost" || name.hasSuffix(".localhost") { return preferV6 ? .loopbackV6 : .loopbackV4 }
    guard let answer = cache[name], answer.until > now else { return nil }
    return answer.ip
  }

  mutating func remember(_ name: String, _ ip: IPAddress, at now: Instant) {
    if cache.count >= HostResolver.cacheLimit { cache.removeAll(keepingCapacity: true) }
    cache[name.lowercased()] = Answer(ip: ip, until: now + HostResolver.lifetime)
  }

  /// Blocks one thread of the pool, not the loop.
  func lookUp(_ name: String, on loop: any EventLoop) -> EventLoopFuture<IPAddress?> {
    pool.runIfActive(eventLoop: loop) {
      try SocketAddress.makeAddressResolvingHost(name, port: 0).transportAddress?.ip
    }
  }
}
