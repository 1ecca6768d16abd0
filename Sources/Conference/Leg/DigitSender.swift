import Audio
import Primitives
import RTP

/// Sends keys to a peer: as telephone events (RFC 4733) where agreed, else as tones in the audio.
struct DigitSender: Sendable {
  /// How long a key sounds and how long the pause after it is, in milliseconds.
  static let duration = 100
  static let pause = 80

  private var events: TelephoneEventSender?
  private var clockRate = 0
  /// Plays the tones of legs without telephone-event; its ends are nobody's business.
  var tones = Player()

  /// No telephone event is on or waits.
  private(set) var isSilent = true

  /// Prepares a tick of tones.
  mutating func tick(rates: RateSwitch) {
    var unheard = OutputQueue<RoomEvent>()
    tones.tick(rates: rates, events: &unheard)
  }

  mutating func send(_ digits: [DTMFDigit], plan: TelephoneEventPlan?) {
    guard let plan else { return playTones(digits) }
    if events == nil || clockRate != plan.clockRate {
      events = TelephoneEventSender(clockRate: plan.clockRate, duration: Self.duration, pause: Self.pause)
      clockRate = plan.clockRate
    }
    for digit in digits { _ = events?.send(digit.rawValue) }
    isSilent = events?.isIdle ?? true
  }

  /// What to send in this tick instead of audio; nil for audio as ever.
  mutating func next(timestamp: UInt32) -> (payload: TelephoneEventPayload, timestamp: UInt32, marker: Bool)? {
    guard let output = events?.next(timestamp: timestamp) else { return nil }
    switch output {
    case .packet(let payload, let timestamp, let marker): return (payload, timestamp, marker)
    case .pause: return nil
    case .idle:
      isSilent = true
      return nil
    }
  }

  private mutating func playTones(_ digits: [DTMFDigit]) {
    var samples: [Int16] = []
    for digit in digits.prefix(TelephoneEventSender.capacity) {
      samples += DTMFTone.samples(
        code: digit.rawValue, duration: Self.duration, pause: Self.pause, sampleRate: 8_000)
    }
    let clip = AudioClip(samples: samples, sampleRate: 8_000, name: "digits")
    var unheard = OutputQueue<RoomEvent>()
    tones.enqueue(
      PlayPlan(id: PlayID(0), clips: [clip], audience: .everyone, ducking: 40), events: &unheard)
  }
}
