/// The high-pass filters of second order at 90 Hz before the encoder and at 65 Hz behind the decoder
/// (RFC 3951, sections 3.1 and 4.8).
struct ILBCHighPass: Sendable {
  private let zeros: SIMD3<Float>
  private let poles: SIMD2<Float>
  private var inputs = SIMD2<Float>.zero
  private var outputs = SIMD2<Float>.zero

  static let input = ILBCHighPass(
    zeros: SIMD3(0.92727436, -1.8544941, 0.92727436), poles: SIMD2(-1.9059465, 0.9114024))
  static let output = ILBCHighPass(
    zeros: SIMD3(0.93980581, -1.8795834, 0.93980581), poles: SIMD2(-1.9330735, 0.93589199))

  private init(zeros: SIMD3<Float>, poles: SIMD2<Float>) {
    self.zeros = zeros
    self.poles = poles
  }

  mutating func filter(_ input: Float) -> Float {
    var output = zeros.x * input
    output += zeros.y * inputs.x
    output += zeros.z * inputs.y
    output -= poles.x * outputs.x
    output -= poles.y * outputs.y
    inputs = SIMD2(input, inputs.x)
    outputs = SIMD2(output, outputs.x)
    return output
  }
}
