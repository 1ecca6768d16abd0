import Audio
import Codecs
import Primitives
import RTP

/// One member's media: what comes in, what goes out, what is played to the member alone.
///
/// The struct routes between its parts; each part lives in its own file. What a room asks of a leg in every tick is `mutating`
/// even where it only reads: so it works on the leg where it lies, and a copy of a leg would cost more than the whole tick.
package struct Leg {
  enum Standing: Hashable {
    /// Hears only what is played to it.
    case waiting
    case admitted
    /// Says goodbye in the next tick.
    case leaving
  }

  package let id: LegID
  /// The leg's place in its room.
  package internal(set) var slot: Int
  private(set) var plan: AudioPlan?
  private(set) var standing = Standing.waiting
  private(set) var restrictions: Restrictions = []
  /// Who hears the voice.
  var reach = VoiceReach()
  /// Voices that not everybody hears and the member does.
  var asides: Asides = []
  /// Ticks until a mask that was taken off ends.
  var maskTicks = 0
  /// In decibels.
  private(set) var listeningGain: Double = 0
  /// As a factor.
  var talkingGain: Float = 1
  var inbound: Inbound
  var security = LegSecurity.plain
  var outbound: Outbound
  var control: ControlChannel
  /// Nil while no video was ever agreed.
  var video: LegVideo?
  var player = Player()
  var analysis = VoiceAnalysis()
  /// The room was told that the member talks.
  var isReportedTalking = false
  /// Brings the voice to the room's rate.
  var converter: InputConverter?
  /// How much of the voice is in the mix: fades in and out instead of clicking.
  var presence = GainStep.silence
  /// The row of this tick's mix that holds the voice, or nil if it was not decoded.
  var row: Int?
  /// What this tick's selection decided.
  var isChosen = false

  /// - Parameter access: of a browser's leg.
  init(id: LegID, slot: Int, access: WebRTCAccess?, random: inout RandomSource, at now: Instant) {
    self.id = id
    self.slot = slot
    if let access { security = .webRTC(SecureTransport(access, at: now)) }
    inbound = Inbound(at: now)
    outbound = Outbound(random: &random)
    control = ControlChannel(ssrc: outbound.stream.ssrc, random: &random)
  }

  /// The voice may reach the room.
  var speaks: Bool {
    standing == .admitted && restrictions.isDisjoint(with: [.muted, .masked]) && inbound.isWanted && reach.isHeard
  }

  /// What the member hears of the room.
  var hears: Listening.Part {
    switch standing {
    case .waiting, .leaving: .nothing
    case .admitted: restrictions.isDisjoint(with: [.deaf, .withdrawn]) ? .room : .announcements
    }
  }

  mutating func admit() {
    guard standing == .waiting else { return }
    standing = .admitted
    outbound.isArranged = false
  }

  mutating func leave() { standing = .leaving }

  mutating func restrict(_ restriction: Restrictions, _ isOn: Bool) {
    restrictions.set(restriction, isOn)
    outbound.isArranged = false
  }

  /// Decibels, limited to -100 … +40.
  mutating func setListeningGain(_ gain: Double) {
    listeningGain = min(max(gain.isNaN ? 0 : gain, -100), 40)
    outbound.isArranged = false
  }

  /// Media agreed or agreed anew.
  mutating func adopt(_ plan: LegPlan, at now: Instant, events: inout OutputQueue<RoomEvent>) {
    let audio = plan.audio
    if self.plan == nil, let source = audio.source {
      outbound.take(source.ssrc)
      control.take(source)
    }
    inbound.adopt(audio, at: now)
    switch security {
    case .webRTC: outbound.adopt(audio, destination: outbound.destination)
    case .plain, .sdes, .shut:
      if let former = self.plan, former.remote != audio.remote { outbound.routability = .initial }
      outbound.adopt(audio, destination: inbound.source.remote)
    }
    if self.plan?.send.format != audio.send.format { outbound.modeRequest = ModeRequest() }
    secure(audio.security, at: now, events: &events)
    analysis.detectsTones = audio.telephoneEvent == nil
    control.start(at: now)
    self.plan = audio
    adopt(plan.video, at: now)
  }

  /// Makes the leg fit for another room: what it was there is forgotten.
  mutating func depart() {
    presence = .silence
    converter = nil
    row = nil
    isChosen = false
    isReportedTalking = false
    leavePlaces()
    outbound.isArranged = false
    forgoRelay()
    if case .relayed = outbound.listener { outbound.listener = .absent }
    outbound.heardUpTo = nil
  }

  /// The listening gain is none.
  var hearsUnchanged: Bool { listeningGain == 0 }
}
