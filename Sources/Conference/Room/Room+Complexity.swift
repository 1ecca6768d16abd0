import Codecs

extension Room {
  /// How the room encodes now.
  var encoderSettings: EncoderSettings { EncoderSettings(plan, affordable: affordableComplexity) }

  /// The load of the media loop allows another complexity of Opus.
  package mutating func adopt(complexity: Int) {
    let former = encoderSettings.complexity
    affordableComplexity = complexity
    if encoderSettings.complexity != former { setComplexity() }
  }

  /// Encoders that run keep their rate; what they may cost changes at once.
  mutating func setComplexity() {
    let complexity = encoderSettings.complexity
    for index in groups.indices { groups[index]?.chain.encoder.set(complexity: complexity) }
    for slot in legs.indices { legs[slot]?.outbound.chain?.encoder.set(complexity: complexity) }
    for index in recorders.indices { recorders[index].set(complexity: complexity) }
  }
}
