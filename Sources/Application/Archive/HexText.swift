/// Octets as people compare them.
enum HexText {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Two lower-case digits an octet.
  static func text(_ octets: some Sequence<UInt8>) -> String {
    String(decoding: octets.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
