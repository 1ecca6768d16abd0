import CVirtualTime
import Primitives
import SecureRTP
import TestSupport

/// A client and a server with a network between them, in virtual time: also the library's own clock.
final class DTLSPair {
  static let clientAddress = TransportAddress(.v4(1), port: 1)
  static let serverAddress = TransportAddress(.v4(2), port: 2)

  var client: DTLSEndpoint
  var server: DTLSEndpoint
  var network: VirtualNetwork
  var now = Instant.zero
  var clientEvents: [DTLSEvent] = []
  var serverEvents: [DTLSEvent] = []
  var clientError: DTLSError?
  var serverError: DTLSError?
  /// Changes a datagram under way, or doubles or drops it.
  var tamper: (([UInt8]) -> [[UInt8]])?

  init(client: consuming DTLSEndpoint, server: consuming DTLSEndpoint, network: VirtualNetwork) {
    self.client = client
    self.server = server
    self.network = network
    trialogue_set_virtual_time(Self.wall(.zero))
  }

  deinit { trialogue_set_virtual_time(-1) }

  static func wall(_ now: Instant) -> Int64 { now.nanoseconds + 1_700_000_000_000_000_000 }

  var clientSession: SRTPSession? { Self.session(clientEvents) }
  var serverSession: SRTPSession? { Self.session(serverEvents) }

  // What macros can look at: they copy, and endpoints cannot be copied.
  var isClientEstablished: Bool { client.isEstablished }
  var isServerEstablished: Bool { server.isEstablished }
  var clientDeadline: Instant { client.deadline }

  private static func session(_ events: [DTLSEvent]) -> SRTPSession? {
    for case .established(let session) in events { return session }
    return nil
  }

  func start() {
    do { try client.start(at: now) } catch { clientError = error }
    drain()
  }

  /// Lets `milliseconds` pass; ends early when both have keys, unless `isWhole`.
  func run(milliseconds: Int64, isWhole: Bool = false) {
    let end = now.advanced(byMilliseconds: milliseconds)
    while now < end {
      drain()
      while let datagram = network.next(by: now) { deliver(datagram) }
      timeouts()
      drain()
      if !isWhole, clientSession != nil, serverSession != nil { return }
      now = now.advanced(byMilliseconds: 1)
      trialogue_set_virtual_time(Self.wall(now))
    }
  }

  private func deliver(_ datagram: VirtualNetwork.Datagram) {
    for octets in tamper.map({ $0(datagram.octets) }) ?? [datagram.octets] {
      if datagram.destination == Self.clientAddress {
        do {
          if let event = try client.receive(octets.span, at: now) { clientEvents.append(event) }
        } catch { clientError = error }
      } else {
        do {
          if let event = try server.receive(octets.span, at: now) { serverEvents.append(event) }
        } catch { serverError = error }
      }
      drain()
    }
  }

  private func timeouts() {
    if client.deadline <= now { do { try client.timeout(at: now) } catch { clientError = error } }
    if server.deadline <= now { do { try server.timeout(at: now) } catch { serverError = error } }
  }

  func drain() {
    var buffer = [UInt8](repeating: 0, count: DTLSEndpoint.mtu)
    while true {
      var span = buffer.mutableSpan
      let count = client.send(into: &span)
      if count == 0 { break }
      network.send(Array(buffer.prefix(count)), from: Self.clientAddress, to: Self.serverAddress, at: now)
    }
    while true {
      var span = buffer.mutableSpan
      let count = server.send(into: &span)
      if count == 0 { break }
      network.send(Array(buffer.prefix(count)), from: Self.serverAddress, to: Self.clientAddress, at: now)
    }
  }
}
