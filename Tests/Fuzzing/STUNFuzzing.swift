import ICE
import Primitives
import TestSupport
import Testing

/// STUN messages, the agent that takes them, the frames of ICE-TCP, and candidate lines.
@Suite struct STUNFuzzing {
  static let remote = TransportAddress(.v4(0xC000_0201), port: 40_000)
  static let credentials: (ours: ICECredentials, theirs: ICECredentials) = {
    var random = RandomSource.seeded(8_489)
    return (ICECredentials(random: &random), ICECredentials(random: &random))
  }()

  /// A check that the agent of these credentials takes.
  static func check(_ random: inout RandomSource) -> [UInt8] {
    var writer = STUNWriter(.request, transaction: STUNTransactionID(random: &random))
    writer.add(.username, "\(credentials.ours.ufrag):\(credentials.theirs.ufrag)")
    writer.addPriority(UInt32(truncatingIfNeeded: random.next()))
    let tieBreaker = random.next()
    writer.add(
      random.once(in: 6) ? ICERole.controlled(tieBreaker: tieBreaker) : .controlling(tieBreaker: tieBreaker))
    if random.once(in: 2) { writer.addUseCandidate() }
    // An attribute whose type may have to be understood.
    if random.once(in: 4) { writer.addXORMappedAddress(TransportAddress(.v6(random.next(), random.next()), port: 9)) }
    writer.seal(random.once(in: 3) ? .sha256 : .sha1, key: Array(credentials.ours.password.utf8))
    writer.finish()
    return writer.bytes
  }

  static var seeds: [[UInt8]] {
    var random = RandomSource.seeded(5_769)
    return (0..<8).map { _ in check(&random) }
      + Seeds.files("stun/rfc5769", "fuzz/pjproject/stun", "fuzz/webrtc-corpora/stun-corpus", limit: 1_600)
  }

  @Test func messagesAreReadWithinTheirOctets() {
    var fuzzer = Fuzzer("stun", seeds: Self.seeds, limit: 1_600, generate: Self.check)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      _ = STUNMessage.localUfrag(in: input.span)
      let message: STUNMessage
      do throws(STUNError) { message = try STUNMessage.parse(input.span) } catch {
        var outcome = FuzzOutcome.refused
        outcome.add("\(error)")
        return outcome
      }
      var outcome = FuzzOutcome.accepted
      outcome.add(Int(message.kind.rawValue))
      outcome.add(size: message.unknownCount)
      outcome.add(message.nominates)
      outcome.add(message.hasFingerprint)
      outcome.add(message.errorCode ?? 0)
      for range in [message.username, message.realm, message.nonce, message.software] {
        outcome.add(range != nil)
        try FuzzFailure.unless(
          range.map { $0.lowerBound >= STUNMessage.headerSize && $0.upperBound <= input.count } ?? true,
          "a value lies in the message")
      }
      let unknown = message.unknownAttributes(in: input.span, limit: 8)
      try FuzzFailure.unless(unknown.count == min(message.unknownCount, 8), "every unknown attribute is named")
      outcome.add(message.isAuthentic(input.span, key: Array(Self.credentials.ours.password.utf8)))
      return outcome
    }.check()
  }

  @Test func whatAnAgentAnswersIsSmallAndProtected() {
    let (ours, theirs) = Self.credentials
    let key = Array(ours.password.utf8)
    var fuzzer = Fuzzer("ice", seeds: Self.seeds, limit: 1_600, generate: Self.check)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      var agent = ICELiteAgent(local: ours, remote: random.once(in: 4) ? nil : theirs, at: .zero)
      var now = Instant.zero
      var outcome = FuzzOutcome.refused
      for round in 0..<3 {
        let pair = CandidatePair(
          TransportAddress(Self.remote.ip, port: UInt16(random.inside(1...3))), over: random.once(in: 2) ? .tcp : .udp)
        let actions = agent.receive(input.span, from: pair.remote, over: pair.transport, at: now)
        for action in actions {
          switch action {
          case .send(let octets, let to):
            if round == 0 { outcome = .accepted }
            try FuzzFailure.unless(to == pair, "an answer goes where its request came from")
            try FuzzFailure.unless(octets.count <= 112, "an answer is small")
            guard let answer = try? STUNMessage.parse(octets.span), answer.isAuthentic(octets.span, key: key) else {
              throw FuzzFailure("an answer is a protected message")
            }
            outcome.add(answer.errorCode ?? 0)
          case .selected(let selected):
            try FuzzFailure.unless(agent.isValid(selected, at: now), "media goes to valid pairs only")
            outcome.add(1)
          case .stopped, .retired: outcome.add(2)
          }
        }
        now = now.advanced(byMilliseconds: Int64(random.below(40_000)))
      }
      _ = agent.timeout(at: now)
      return outcome
    }.check()
  }

  @Test func streamsGiveTheSameFramesHoweverTheyAreCut() {
    let seeds: [[UInt8]] = [[0, 3, 1, 2, 3, 0, 0, 0, 1, 9], [0, 0, 0, 0], [0x10, 0x01, 0]]
    var fuzzer = Fuzzer("ice-tcp", seeds: seeds, limit: 3_000)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let whole = Self.frames(input, cut: input.count)
      let pieces = Self.frames(input, cut: random.inside(1...64))
      try FuzzFailure.unless(whole.frames == pieces.frames, "a stream in pieces gives the frames that it gives at once")
      try FuzzFailure.unless(whole.isBroken == pieces.isBroken, "a stream breaks where it breaks")
      var outcome = whole.isBroken ? FuzzOutcome.refused : .accepted
      outcome.add(min(whole.frames.count, 8))
      outcome.add(size: whole.pending)
      return outcome
    }.check()
  }

  static func frames(_ stream: [UInt8], cut: Int) -> (frames: [[UInt8]], pending: Int, isBroken: Bool) {
    var framed = FramedStream()
    var frames: [[UInt8]] = []
    for start in stride(from: 0, to: stream.count, by: max(cut, 1)) {
      do throws(FramedStream.Failure) {
        try framed.append(Array(stream[start..<min(start + cut, stream.count)]).span)
        while let range = try framed.next() { frames.append(Array(framed.octets[range])) }
      } catch { break }
    }
    return (frames, framed.pendingCount, framed.isBroken)
  }

  @Test func candidatesArePrintedAsTheyWereRead() {
    let lines = [
      "842163049 1 udp 1677729535 192.0.2.7 46154 typ srflx raddr 10.0.0.5 rport 46154 generation 0 network-cost 999",
      "1 1 TCP 2105524479 2001:db8::1 9 typ host tcptype active",
      "candidate:a/+ 256 UDP 1 x.local 0 typ relay raddr ::",
    ]
    var fuzzer = Fuzzer(
      "ice-candidate", seeds: lines.map { Array($0.utf8) },
      tokens: ["typ", "prflx", "tcptype", "so", "raddr", "rport"],
      isText: true, limit: 1_200)
    fuzzer.run { (input, _) throws(FuzzFailure) in
      guard let candidate = ICECandidate(String(decoding: input, as: UTF8.self)) else { return .refused }
      try FuzzFailure.unless(
        ICECandidate(candidate.description) == candidate, "what is printed is read as the same", candidate.description)
      var outcome = FuzzOutcome.accepted
      outcome.add(candidate.kind.rawValue)
      outcome.add(candidate.transport.rawValue)
      outcome.add(candidate.tcpType?.rawValue ?? "")
      outcome.add(candidate.extensions.count)
      return outcome
    }.check()
  }
}
