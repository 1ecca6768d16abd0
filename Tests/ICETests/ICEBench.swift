import Primitives
import TestSupport

@testable import ICE

/// A lite agent and a peer on a virtual network, in steps of 10 ms.
struct ICEBench {
  static let server = TransportAddress(.v4(0x0A00_0001), port: 10_000)
  static let first = TransportAddress(.v4(0xC000_0201), port: 40_001)
  static let second = TransportAddress(.v4(0xC000_0202), port: 40_002)
  static let third = TransportAddress(.v6(0x2001_0DB8_0000_0000, 3), port: 40_003)

  var network: VirtualNetwork
  var agent: ICELiteAgent
  var peer: FullAgent
  var now = Instant.zero
  /// All that the agent wanted but its answers, with when.
  private(set) var events: [(at: Instant, action: ICEAction)] = []
  private(set) var octetsIn = 0
  private(set) var octetsOut = 0

  init(_ nomination: FullAgent.Nomination, from addresses: [TransportAddress], seed: UInt64) {
    var random = RandomSource.seeded(seed)
    let ours = ICECredentials(random: &random)
    let theirs = ICECredentials(random: &random)
    network = VirtualNetwork(seed: seed)
    agent = ICELiteAgent(local: ours, remote: theirs, at: now)
    peer = FullAgent(addresses, local: theirs, remote: ours, nomination: nomination, seed: seed, at: now)
  }

  var selections: [CandidatePair] {
    events.compactMap { if case .selected(let pair) = $0.action { pair } else { nil } }
  }

  mutating func run(milliseconds: Int) {
    for _ in 0..<(milliseconds / 10) {
      for (address, datagram) in peer.run(at: now) {
        network.send(datagram, from: address, to: Self.server, at: now)
      }
      while let datagram = network.next(by: now) {
        if datagram.destination == Self.server {
          octetsIn += datagram.octets.count
          take(agent.receive(datagram.octets.span, from: datagram.source, over: .udp, at: now))
        } else {
          peer.receive(datagram.octets, at: now)
        }
      }
      if let deadline = agent.deadline, now >= deadline { take(agent.timeout(at: now)) }
      now = now.advanced(byMilliseconds: 10)
    }
  }

  mutating func take(_ actions: [ICEAction]) {
    for action in actions {
      if case .send(let octets, let pair) = action {
        octetsOut += octets.count
        network.send(octets, from: Self.server, to: pair.remote, at: now)
      } else {
        events.append((now, action))
      }
    }
  }

  /// ICE anew, as both descriptions say it.
  mutating func restart(from addresses: [TransportAddress], seed: UInt64) {
    var random = RandomSource.seeded(seed)
    let ours = ICECredentials(random: &random)
    let theirs = ICECredentials(random: &random)
    take(agent.restart(local: ours, remote: theirs, at: now))
    peer = FullAgent(addresses, local: theirs, remote: ours, nomination: .regular, seed: seed, at: now)
  }
}
