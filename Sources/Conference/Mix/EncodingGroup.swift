import Codecs

/// All listeners who hear the same mix in the same format: one encoding for all of them.
struct EncodingGroup {
  let key: EncodingKey
  var chain: EncodingChain
  /// Legs that listen; a group without listeners is given up.
  var listeners = 0
  /// The listening gain that is in force, moving towards the key's.
  var gain: GainStep

  init(key: EncodingKey, chain: EncodingChain) {
    self.key = key
    self.chain = chain
    let factor = Decibels.factor(Double(key.gain) / 100)
    gain = GainStep(from: factor, to: factor)
  }
}
