import Audio

/// What a member's decoded voice says about itself: level, talking or not, keys as tones; and its levelling.
struct VoiceAnalysis: Sendable {
  private var meter = LevelMeter()
  private var talker = TalkerDetector()
  private var levelling = AutomaticGain()
  /// In dBFS, of a voice that was not decoded.
  private var estimate: Float?
  private var tones: DTMFDetector?
  /// Look for tones: only for legs without telephone-event. A key is reported while it still sounds; the others hear it, as
  /// they would on any telephone. Whoever types what nobody may hear is masked.
  var detectsTones = false
  /// False: the voice goes back to the level that it came with.
  var isLevelled = true

  /// Of the last frame, in dBFS.
  var level: Float { estimate ?? meter.level }
  var isTalking: Bool { talker.isTalking }
  /// The voice is as loud as it came.
  var isUnchanged: Bool { levelling.isUnity }

  /// Measures and levels 20 ms of voice; `sampleRate` in hertz, `isNoise` for what only fills a pause. Gives the key that began
  /// to sound, if any.
  mutating func process(_ samples: inout MutableSpan<Int16>, sampleRate: Int, isNoise: Bool) -> DTMFDigit? {
    estimate = nil
    meter.measure(samples.span)
    _ = talker.update(level: isNoise ? LevelMeter.silence : meter.level)
    let digit = listen(samples.span, sampleRate: sampleRate)
    if isLevelled {
      levelling.process(&samples, level: meter.level, isTalking: talker.isTalking && !isNoise)
    } else {
      levelling.relax(&samples)
    }
    return digit
  }

  /// 20 ms that were not decoded because nobody would hear them.
  mutating func passSilence() {
    estimate = nil
    if !talker.isTalking, meter.level == LevelMeter.silence { return }
    meter = LevelMeter()
    _ = talker.update(level: LevelMeter.silence)
  }

  /// 20 ms that were not decoded because they are passed on; their level in dBFS.
  mutating func pass(level: Float) {
    estimate = level
    _ = talker.update(level: level)
  }

  /// Levelling starts anew.
  mutating func forgetGain() { levelling = AutomaticGain() }

  private mutating func listen(_ samples: Span<Int16>, sampleRate: Int) -> DTMFDigit? {
    guard detectsTones else { return nil }
    if tones == nil { tones = DTMFDetector(sampleRate: sampleRate) }
    tones?.process(samples)
    var digit: DTMFDigit?
    while let event = tones?.nextEvent() {
      if case .began(let code) = event { digit = DTMFDigit(rawValue: code) }
    }
    return digit
  }
}
