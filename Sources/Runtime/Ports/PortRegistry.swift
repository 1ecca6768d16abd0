import Conference
import Primitives
import Synchronization

/// Opens and closes the sockets of plain RTP legs; shared by whoever opens legs and by the loops that end them.
final class PortRegistry: Sendable {
  private let pool: Mutex<PortPool>
  private let settings: RuntimeSettings

  init(settings: RuntimeSettings, random: RandomSource) {
    self.settings = settings
    pool = Mutex(PortPool(settings.ports, random: random))
  }

  /// Pairs that are free.
  var freePairs: Int { pool.withLock { $0.count } }

  /// Opens a pair of sockets on a random free pair of ports; those that another process holds are passed over.
  func open(family: AddressFamily) throws(MediaPlaneError) -> LegSockets {
    let ip = family == .v4 ? settings.bindAddressV4 : settings.bindAddressV6
    for _ in 0..<max(1, pool.withLock { $0.capacity }) {
      guard let port = pool.withLock({ $0.take() }) else {
        throw .noPorts(reason: "all ports of \(settings.ports.lowerBound)–\(settings.ports.upperBound) are in use")
      }
      do throws(SystemError) {
        let rtp = try socket(TransportAddress(ip, port: port))
        let rtcp = try socket(TransportAddress(ip, port: port + 1))
        return LegSockets(rtp: rtp, rtcp: rtcp, port: port, family: family)
      } catch {
        // To the end of the queue: the next try gets another pair.
        pool.withLock { $0.giveBack(port) }
        if !error.isAddressInUse { throw .noPorts(reason: error.description) }
      }
    }
    throw .noPorts(reason: "other processes hold the ports that are left")
  }

  /// Makes the pair free again; its sockets must be closed.
  func giveBack(_ port: UInt16) { pool.withLock { $0.giveBack(port) } }

  /// The leg has ended: its sockets close with their last reference, or others go on using them.
  func giveBack(_ port: LegPort, of leg: LegID) {
    switch port {
    case .own(let sockets): giveBack(sockets.port)
    case .shared(let shared): shared.home.post(.browserEnded(leg))
    }
  }

  /// What the peer is told.
  func announced(_ sockets: LegSockets) -> LegPorts {
    let ip =
      switch sockets.family {
      case .v4: settings.publicAddressV4 ?? settings.bindAddressV4
      case .v6: settings.publicAddressV6 ?? settings.bindAddressV6
      }
    return LegPorts(rtp: TransportAddress(ip, port: sockets.port), rtcp: TransportAddress(ip, port: sockets.port + 1))
  }

  private func socket(_ address: TransportAddress) throws(SystemError) -> UDPSocket {
    try UDPSocket(
      boundTo: address, receiveBuffer: settings.socketBuffer, sendBuffer: settings.socketBuffer,
      trafficClass: settings.trafficClass)
  }
}
