import CVPX

/// A decoder of libvpx.
@safe final class VPXDecoder {
  private let state: UnsafeMutableRawPointer

  init?() {
    guard let state = unsafe trialogue_vpx_decoder_create() else { return nil }
    unsafe self.state = state
  }

  deinit { unsafe trialogue_vpx_decoder_destroy(state) }

  /// A sum over the picture, and its size; nil if the frame cannot be decoded.
  func decode(_ frame: [UInt8]) -> (sum: UInt64, width: UInt32, height: UInt32)? {
    guard unsafe trialogue_vpx_decode(state, frame, frame.count) == 0 else { return nil }
    var (width, height): (UInt32, UInt32) = (0, 0)
    let sum = unsafe trialogue_vpx_decoded_sum(state, &width, &height)
    return sum == 0 ? nil : (sum, width, height)
  }
}
