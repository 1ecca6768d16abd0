import Glibc

/// The functions of the C library's mathematics that RFC 3951 works with: in double precision, then rounded.
enum ILBCMathematics {
  static func cosine(_ radians: Float) -> Float { Float(cos(Double(radians))) }
  static func logarithm(_ value: Float) -> Float { Float(log10(Double(value))) }
  /// 10 to the power of `exponent`.
  static func power(ofTen exponent: Float) -> Float { Float(pow(10, Double(exponent))) }
}
