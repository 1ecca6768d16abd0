/// The quantiser of the start state (RFC 3951, sections 3.5.2 and 3.5.3).
enum ILBCScaleTable {
  /// Common logarithms of the state's greatest amplitude.
  static let scales: [Float] = [
    1.000085, 1.071695, 1.140395, 1.206868, 1.277188, 1.351503, 1.429380, 1.500727,
    1.569049, 1.639599, 1.707071, 1.781531, 1.840799, 1.901550, 1.956695, 2.006750,
    2.055474, 2.102787, 2.142819, 2.183592, 2.217962, 2.257177, 2.295739, 2.332967,
    2.369248, 2.402792, 2.435080, 2.468598, 2.503394, 2.539284, 2.572944, 2.605036,
    2.636331, 2.668939, 2.698780, 2.729101, 2.759786, 2.789834, 2.818679, 2.848074,
    2.877470, 2.906899, 2.936655, 2.967804, 3.000115, 3.033367, 3.066355, 3.104231,
    3.141499, 3.183012, 3.222952, 3.265433, 3.308441, 3.350823, 3.395275, 3.442793,
    3.490801, 3.542514, 3.604064, 3.666050, 3.740994, 3.830749, 3.938770, 4.101764,
  ]
  /// The amplitudes themselves.
  static let amplitudes: [Float] = scales.map { ILBCMathematics.power(ofTen: $0) }
  /// Samples, of a state whose greatest amplitude is 4.5.
  static let samples: [Float] = [
    -3.719849, -2.177490, -1.130005, -0.309692, 0.444214, 1.329712, 2.436279, 3.983887,
  ]

  /// The code of the nearest value of a rising table.
  static func nearest(to value: Float, in levels: [Float]) -> UInt8 {
    var code = 0
    while code &+ 1 < levels.count, value > (levels[code &+ 1] + levels[code]) / 2 { code &+= 1 }
    return UInt8(truncatingIfNeeded: code)
  }
}
