import Conference
import ICE
import Primitives
import SDP
import SecureRTP

/// The offer/answer state of one call: RFC 3264, and RFC 6337 for who may offer when.
package struct OfferAnswer: Hashable, Sendable {
  package enum State: Hashable, Sendable {
    /// Nothing is open: either side may offer.
    case stable
    /// Our offer waits for its answer.
    case offered(SessionDescription)
  }

  package private(set) var state = State.stable
  /// Our last description that took effect, or that is out.
  package private(set) var local: SessionDescription?
  package private(set) var agreed: AgreedAudio?
  /// One for each video section that is taken; empty also while none ever was.
  package private(set) var agreedVideo: [AgreedVideo] = []
  /// Where our media is; an ICE restart of the peer changes our credentials in it.
  package private(set) var ports: LegPorts
  private let sessionID: UInt64
  /// What this call may speak, from its beginning to its end.
  private let planner: MediaPlanner
  /// Our keys for what we send, should the peer want them in descriptions (RFC 4568).
  private let keys: SDESOffer
  /// The line that our descriptions say; nil while keys are not told.
  private var crypto: SDESCrypto?
  private var video: VideoStreams
  private let source: LocalAudioSource

  package init(ports: LegPorts, planner: MediaPlanner, random: inout RandomSource) {
    self.ports = ports
    self.planner = planner
    keys = SDESOffer(using: &random)
    video = VideoStreams(using: &random)
    let sessionID = random.next()
    // Versions count up from here and must never run out.
    self.sessionID = sessionID >> 2
    source = LocalAudioSource(
      ssrc: UInt32(truncatingIfNeeded: random.next()), canonicalName: video.canonicalName)
  }

  package var isOffering: Bool { if case .offered = state { true } else { false } }

  /// The peer does not want to hear us: hold.
  package var isHeld: Bool { agreed.map { !$0.direction.sends } ?? false }

  /// Answers the peer's offer; what was agreed before stays if this throws.
  package mutating func answer(
    _ offer: SessionDescription, using random: inout RandomSource
  ) throws(MediaRefusal) -> SessionDescription {
    let former = (crypto, ports)
    // The tag and suite of our line are those of the line that is taken.
    crypto = keys.answer(to: offer)
    if ports.ice != nil { video.prepare(for: offer, using: &random) }
    let result: (answer: SessionDescription, agreed: [AgreedMedia])
    do {
      result = try renegotiate(offer, using: &random)
    } catch {
      (crypto, ports) = former
      throw MediaRefusal(488, "No audio in common")
    }
    let audio = result.agreed.lazy.compactMap(\.audio).first
    guard isProtected(as: audio) else {
      (crypto, ports) = former
      throw OfferAnswer.downgrade
    }
    local = result.answer
    agreed = audio
    agreedVideo = result.agreed.compactMap(\.video)
    return result.answer
  }

  private mutating func renegotiate(
    _ offer: SessionDescription, using random: inout RandomSource
  ) throws(NegotiationError) -> (answer: SessionDescription, agreed: [AgreedMedia]) {
    let result = try Negotiation.answer(to: offer, local: media, previous: local)
    guard restartsICE(result.agreed) else { return result }
    // Both sides get new credentials, and media goes on over the old way until a new one is found.
    ports.ice = ICECredentials(random: &random)
    return try Negotiation.answer(to: offer, local: media, previous: local)
  }

  /// The peer has other credentials than before: RFC 8839, section 4.4.1.1.1.
  private func restartsICE(_ next: [AgreedMedia]) -> Bool {
    guard case .dtls(let before)? = agreed?.security,
      case .dtls(let now)? = next.lazy.compactMap(\.audio).first?.security
    else { return false }
    return before.ufrag != now.ufrag || before.password != now.password
  }

  package mutating func offer() -> SessionDescription {
    let offer = Negotiation.offer(media, previous: local)
    state = .offered(offer)
    return offer
  }

  /// Takes the answer to our offer. The offer is closed, whatever comes of it.
  package mutating func accept(_ answer: SessionDescription) throws(MediaRefusal) {
    guard case .offered(let offer) = state else { return }
    state = .stable
    let result: [AgreedMedia]
    do {
      result = try Negotiation.accept(answer, to: offer, local: media)
    } catch {
      throw MediaRefusal(488, "The answer does not fit the offer")
    }
    let audio = result.lazy.compactMap(\.audio).first
    guard isProtected(as: audio) else { throw OfferAnswer.downgrade }
    local = offer
    agreed = audio
    agreedVideo = result.compactMap(\.video)
  }

  /// A call that is protected stays so, and with whom it was agreed.
  private func isProtected(as next: AgreedAudio?) -> Bool {
    guard let agreed, let next else { return true }
    return agreed.security.mayBecome(next.security)
  }

  private static let downgrade = MediaRefusal(488, "The media stays protected as agreed")

  /// Another branch of a forked INVITE answers the same offer.
  package mutating func reopen(_ offer: SessionDescription) { state = .offered(offer) }

  /// What the media plane does from now on.
  package func plan() throws(MediaRefusal) -> LegPlan {
    guard let agreed, var plan = planner.plan(agreed, sending: crypto, as: ports.ice) else {
      throw MediaRefusal(488, "No codec in common")
    }
    plan.audio.source = AudioPlan.Source(ssrc: source.ssrc, canonicalName: source.canonicalName)
    plan.video = planner.video(agreedVideo, streams: video.streams)
    return plan
  }

  /// The offer was refused: the session stays as it was (RFC 3261, section 14.1).
  package mutating func withdraw() { state = .stable }

  private var media: LocalMedia {
    planner.local(ports: ports, sessionID: sessionID, crypto: crypto, videoStreams: video.streams, audioSource: source)
  }

  package static func parse(_ body: [UInt8]) throws(MediaRefusal) -> SessionDescription {
    guard body.count <= SDPLimits.size else { throw MediaRefusal(413, "Session description too large") }
    do { return try SessionDescription(parsing: body) } catch {
      throw MediaRefusal(400, "Bad session description, line \(error.line)")
    }
  }
}
