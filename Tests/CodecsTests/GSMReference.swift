import CGSM

/// An encoder and a decoder of libgsm, frame by frame.
@safe final class GSMReference {
  private let state: gsm

  init?() {
    guard let state = unsafe gsm_create() else { return nil }
    unsafe self.state = unsafe state
  }

  deinit { unsafe gsm_destroy(state) }

  /// - Parameter samples: 160.
  func packet(_ samples: [Int16]) -> [UInt8] {
    precondition(samples.count == 160, "A frame has 160 samples.")
    var (samples, octets) = (samples, [UInt8](repeating: 0, count: 33))
    unsafe gsm_encode(state, &samples, &octets)
    return octets
  }

  /// - Parameter payload: 33 octets.
  func samples(_ payload: [UInt8]) -> [Int16] {
    precondition(payload.count == 33, "A frame has 33 octets.")
    var (payload, samples) = (payload, [Int16](repeating: 0, count: 160))
    _ = unsafe gsm_decode(state, &payload, &samples)
    return samples
  }
}
