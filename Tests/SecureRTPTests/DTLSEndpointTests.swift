import Primitives
import TestSupport
import Testing

@testable import SecureRTP

/// Handshakes between two of our endpoints, in virtual time.
@Suite struct DTLSEndpointTests {
  static func network(seed: UInt64 = 1, loss: Double = 0, reordering: Double = 0) -> VirtualNetwork {
    var network = VirtualNetwork(seed: seed)
    network.usual = VirtualNetwork.Conditions(
      delay: 10, jitter: 5, loss: loss, duplication: loss / 2, reordering: reordering, detour: 40, mayOvertake: true)
    return network
  }

  static func pair(
    client: [SRTPProfile] = SRTPProfile.dtlsPreference, server: [SRTPProfile] = SRTPProfile.dtlsPreference,
    network: VirtualNetwork = network(), knowsClient: Bool = true
  ) throws -> DTLSPair {
    let ours = try DTLSCertificate.selfSigned()
    let theirs = try DTLSCertificate.selfSigned()
    return try DTLSPair(
      client: DTLSEndpoint(
        DTLSContext(ours, profiles: client), role: .client, expecting: [theirs.fingerprint]),
      server: DTLSEndpoint(
        DTLSContext(theirs, profiles: server), role: .server, expecting: knowsClient ? [ours.fingerprint] : nil),
      network: network)
  }

  @Test func bothEndsGetTheSameKeysAndPacketsFlow() throws {
    let pair = try Self.pair()
    pair.start()
    pair.run(milliseconds: 1_000)
    let client = try #require(pair.clientSession)
    let server = try #require(pair.serverSession)
    #expect(client.profile == .aeadAES128GCM)
    #expect(client.outgoing == server.incoming)
    #expect(client.incoming == server.outgoing)
    #expect(client.outgoing != client.incoming)
    #expect(pair.isClientEstablished && pair.isServerEstablished)
    #expect(pair.clientDeadline == .distantFuture)
    // Two round trips, with no repetition.
    #expect(pair.now < Instant.zero.advanced(byMilliseconds: 70))
    var sender = try SRTPContext(profile: client.profile, keys: client.outgoing, direction: .outgoing)
    var receiver = try SRTPContext(profile: server.profile, keys: server.incoming, direction: .incoming)
    #expect(try receiver.unprotected(try sender.protected(Packet.rtp(1))) == Packet.rtp(1))
  }

  @Test(arguments: SRTPProfile.allCases)
  func everyProfileCanBeAgreed(profile: SRTPProfile) throws {
    var pair = try Self.pair(client: [profile])
    if !SRTPProfile.dtlsPreference.contains(profile) { pair = try Self.pair(client: [profile], server: [profile]) }
    pair.start()
    pair.run(milliseconds: 1_000)
    #expect(pair.clientSession?.profile == profile)
    #expect(pair.serverSession?.profile == profile)
  }

  @Test func withoutACommonProfileThereIsNoAssociation() throws {
    let pair = try Self.pair(client: [.aeadAES256GCM], server: [.aes128CMSHA1Tag80])
    pair.start()
    pair.run(milliseconds: 1_000)
    #expect(pair.clientSession == nil && pair.serverSession == nil)
    #expect(pair.clientError == .noProfile)
    #expect(pair.serverError == .noProfile)
  }

  @Test(arguments: 0..<24)
  func handshakesSurviveLossDoublingAndReordering(seed: UInt64) throws {
    let pair = try Self.pair(network: Self.network(seed: seed, loss: 0.3, reordering: 0.3))
    pair.start()
    pair.run(milliseconds: 25_000)
    let client = try #require(pair.clientSession, "\(String(describing: pair.clientError)) \(pair.now)")
    let server = try #require(pair.serverSession, "\(String(describing: pair.serverError)) \(pair.now)")
    #expect(client.outgoing == server.incoming)
    #expect(client.incoming == server.outgoing)
    #expect(pair.clientError == nil && pair.serverError == nil)
  }

  @Test func aLostFlightIsRepeatedAfterATenthOfASecondAndThenEverLater() throws {
    let pair = try Self.pair(network: Self.network(loss: 1))
    pair.start()
    var sent: [Int64] = []
    for _ in 0..<5_000 {
      let before = pair.network.sent
      pair.run(milliseconds: 1)
      if pair.network.sent > before { sent.append(pair.now.nanoseconds / 1_000_000) }
    }
    // OpenSSL's clock counts microseconds, and takes the last 15 ms for passed.
    let expected: [Int64] = [100, 300, 700, 1_500, 3_100]
    #expect(sent.count == expected.count, "\(sent)")
    for (time, ideal) in zip(sent, expected) { #expect(abs(time - ideal) < 80, "\(sent)") }
  }

  @Test func aSilentPeerIsGivenUp() throws {
    let pair = try Self.pair(network: Self.network(loss: 1))
    pair.start()
    pair.run(milliseconds: 40_000)
    #expect(pair.clientError != nil)
    #expect(pair.clientDeadline == .distantFuture)
    #expect(pair.network.sent <= 14)
    let late = try pair.client.receive([22, 1, 2, 3].span, at: pair.now)
    #expect(late == nil)
  }

  @Test func theWrongCertificateIsRefused() throws {
    let ours = try DTLSCertificate.selfSigned()
    let theirs = try DTLSCertificate.selfSigned()
    let other = try DTLSCertificate.selfSigned()
    let weak = try #require(Fingerprint(of: ours.certificate, .sha1))
    for expected in [[other.fingerprint], [], [weak]] {
      let pair = DTLSPair(
        client: try DTLSEndpoint(DTLSContext(ours), role: .client, expecting: [theirs.fingerprint]),
        server: try DTLSEndpoint(DTLSContext(theirs), role: .server, expecting: expected), network: Self.network())
      pair.start()
      pair.run(milliseconds: 1_000)
      #expect(pair.serverSession == nil)
      #expect(pair.serverError == .fingerprint)
      #expect(pair.clientEvents.last == .closed)
      #expect(!pair.isServerEstablished)
    }
    // One of several is enough.
    let pair = DTLSPair(
      client: try DTLSEndpoint(DTLSContext(ours), role: .client, expecting: [other.fingerprint, theirs.fingerprint]),
      server: try DTLSEndpoint(DTLSContext(theirs), role: .server, expecting: [weak, ours.fingerprint]),
      network: Self.network())
    pair.start()
    pair.run(milliseconds: 1_000)
    #expect(pair.clientSession != nil && pair.serverSession != nil)
    let isPeer = (pair.server.isPeer([ours.fingerprint]), pair.server.isPeer([other.fingerprint]))
    #expect(isPeer == (true, false))
  }

  @Test func keysWaitForALateFingerprint() throws {
    let ours = try DTLSCertificate.selfSigned()
    let theirs = try DTLSCertificate.selfSigned()
    for isRight in [true, false] {
      let pair = DTLSPair(
        client: try DTLSEndpoint(DTLSContext(ours), role: .client, expecting: [theirs.fingerprint]),
        server: try DTLSEndpoint(DTLSContext(theirs), role: .server), network: Self.network())
      pair.start()
      pair.run(milliseconds: 1_000)
      #expect(pair.serverEvents == [.awaitsFingerprint])
      #expect(pair.clientSession != nil)
      #expect(!pair.isServerEstablished)
      let now = pair.now
      if isRight {
        let event = try pair.server.expect([ours.fingerprint], at: now)
        guard case .established(let session) = event else {
          Issue.record("\(String(describing: event))")
          continue
        }
        #expect(session.incoming == pair.clientSession?.outgoing)
      } else {
        #expect(throws: DTLSError.fingerprint) { _ = try pair.server.expect([theirs.fingerprint], at: now) }
        #expect(!pair.isServerEstablished)
      }
    }
  }

  @Test func goodByeReachesThePeer() throws {
    let pair = try Self.pair()
    pair.start()
    pair.run(milliseconds: 1_000)
    pair.client.close()
    #expect(!pair.isClientEstablished)
    pair.run(milliseconds: 100, isWhole: true)
    #expect(pair.serverEvents.last == .closed)
    #expect(!pair.isServerEstablished)
  }

  @Test func aLostLastFlightIsRepeatedWhenThePeerAsks() throws {
    let pair = try Self.pair()
    pair.start()
    // The server's last flight begins with a ChangeCipherSpec, or has a new session ticket before it.
    var dropped = 0
    pair.tamper = { datagram in
      if datagram[0] == 20, dropped < 3 {
        dropped += 1
        return []
      }
      return [datagram]
    }
    pair.run(milliseconds: 5_000)
    #expect(dropped == 3)
    #expect(pair.clientSession != nil && pair.serverSession != nil)
  }

  @Test func noiseNeitherTrapsNorEndsTheHandshake() throws {
    var random = RandomSource.seeded(11)
    let pair = try Self.pair()
    pair.start()
    pair.tamper = { datagram in
      var noise: [[UInt8]] = [datagram]
      for _ in 0..<4 {
        var octets = random.octets(random.inside(1...80))
        octets[0] = UInt8(random.inside(20...63))
        // Alerts and handshake messages of epoch 0 would be believed: nothing protects them.
        if octets[0] == 21 || octets[0] == 22 { octets[0] = 23 }
        noise.insert(octets, at: random.below(noise.count + 1))
        noise.insert(Array(datagram.prefix(random.below(13))), at: 0)
      }
      return noise
    }
    pair.run(milliseconds: 2_000)
    #expect(pair.clientSession != nil && pair.serverSession != nil)
    // Afterwards every octet may be anything.
    pair.tamper = { datagram in
      (0..<400).map { _ in
        var octets = random.octets(random.inside(1...200))
        octets[0] = UInt8(random.inside(20...63))
        return octets
      } + [datagram]
    }
    let bye: [UInt8] = [23, 254, 253, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 7]
    pair.network.send(bye, from: DTLSPair.clientAddress, to: DTLSPair.serverAddress, at: pair.now)
    pair.network.send(bye, from: DTLSPair.serverAddress, to: DTLSPair.clientAddress, at: pair.now)
    pair.run(milliseconds: 100, isWhole: true)
    #expect(pair.isClientEstablished && pair.isServerEstablished)
    #expect(pair.clientError == nil && pair.serverError == nil)
  }

  @Test func brokenHandshakesEndInAnErrorAndNeverTrap() throws {
    for seed in UInt64(0)..<40 {
      var random = RandomSource.seeded(seed)
      let pair = try Self.pair()
      pair.tamper = { datagram in
        var changed = datagram
        for _ in 0..<random.inside(1...3) { changed[random.below(changed.count)] ^= 1 << UInt8(random.below(8)) }
        return random.once(in: 2) ? [changed] : [datagram]
      }
      pair.start()
      pair.run(milliseconds: 3_000)
      if let client = pair.clientSession, let server = pair.serverSession {
        #expect(client.outgoing == server.incoming)
      }
    }
  }

  @Test func whatIsNoDTLSIsDropped() throws {
    let certificate = try DTLSCertificate.selfSigned()
    var server = try DTLSEndpoint(DTLSContext(certificate), role: .server)
    for datagram: [UInt8] in [[], [0, 1, 2, 3], [128, 0], [64], [22] + [UInt8](repeating: 0, count: 16_384)] {
      let event = try server.receive(datagram.span, at: .zero)
      #expect(event == nil)
    }
    let dropped = server.droppedIncoming
    #expect(dropped == 5)
    var client = try DTLSEndpoint(DTLSContext(certificate), role: .client)
    let event = try client.receive([22, 1].span, at: .zero)
    let ignored = client.droppedIncoming
    #expect(event == nil)
    #expect(ignored == 1)
    var buffer = [UInt8](repeating: 0, count: 1_200)
    var span = buffer.mutableSpan
    let count = client.send(into: &span)
    #expect(count == 0)
  }
}
