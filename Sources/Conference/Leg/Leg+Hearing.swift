import Primitives
import RTP

/// Whom the member's voice reaches, and which voices it hears that are not meant for all.
extension Leg {
  /// Ticks in which the jitter buffer plays what has been said by now.
  private var pendingTicks: Int {
    let delay = max(inbound.jitter.currentDelay, inbound.jitter.targetDelay)
    guard delay.isFinite, delay > 0 else { return 1 }
    return Int(min(delay, 1_000)) / Int(Room.tickTime) + 2
  }

  mutating func setVoice(_ audience: VoiceAudience) { reach.want(audience, pending: pendingTicks) }

  /// Masks at once; unmasks when what was said under the mask is over.
  mutating func setMasked(_ isOn: Bool) {
    guard isOn else {
      if restrictions.contains(.masked), maskTicks == 0 { maskTicks = pendingTicks }
      return
    }
    maskTicks = 0
    restrict(.masked, true)
  }

  /// Begins a tick: a mask may end.
  mutating func followMask() {
    guard maskTicks > 0 else { return }
    maskTicks -= 1
    if maskTicks == 0 { restrict(.masked, false) }
  }

  /// Begins a tick: the voice may go over to another audience.
  mutating func followVoice() -> VoiceReach {
    _ = reach.tick(isSilent: presence.to == 0)
    return reach
  }

  /// Which asides the member hears from now on.
  mutating func hear(_ asides: Asides) {
    guard asides != self.asides else { return }
    self.asides = asides
    outbound.isArranged = false
  }

  /// The asides that are part of what the member hears.
  var heardAsides: Asides { standing == .admitted && !restrictions.contains(.deaf) ? asides : [] }

  /// The room was left: its places are no longer ours.
  mutating func leavePlaces() {
    reach.place = nil
    asides = []
  }
}
