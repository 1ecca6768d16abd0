import CVPX

/// An encoder of libvpx: small pictures of a colour, in up to three temporal layers.
@safe final class VPXEncoder {
  struct Use: OptionSet {
    let rawValue: Int32
    static let key = Use(rawValue: 1)
    static let readsGolden = Use(rawValue: 2)
    static let writesGolden = Use(rawValue: 4)
    static let writesLast = Use(rawValue: 8)
  }

  private let state: UnsafeMutableRawPointer
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var picture: UInt32 = 0
  private let luma: UInt8

  init?(width: UInt32, height: UInt32, luma: UInt8) {
    guard let state = unsafe trialogue_vpx_encoder_create(width, height) else { return nil }
    unsafe self.state = state
    self.luma = luma
  }

  deinit { unsafe trialogue_vpx_encoder_destroy(state) }

  /// The next picture; nil if libvpx has none.
  func next(_ use: Use) -> [UInt8]? {
    picture &+= 1
    let count = unsafe trialogue_vpx_encode(state, use.rawValue, picture, luma, &buffer, buffer.count)
    return count > 0 ? Array(buffer[..<count]) : nil
  }
}
