import Crypto
import Primitives

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Signs a request to an object store: "AWS Signature Version 4" with one SHA-256 over the whole content.
struct ObjectSignature {
  var accessKey: String
  var secret: Redacted<String>
  var region: String
  /// `YYYYMMDDThhmmssZ`, as in the field `x-amz-date`.
  var time: String

  /// From RFC 3339 in UTC.
  static func time(_ timestamp: String) -> String { timestamp.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z" }

  /// The value of `Authorization`. `target`: the path, without a query. `fields`: those that are signed, their names in
  /// lower case. `sha256`: of the content, in lower-case hex.
  func authorization(_ method: String, _ target: String, fields: [(name: String, value: String)], sha256: String)
    -> String
  {
    let fields = fields.sorted { $0.name < $1.name }
    let names = fields.map(\.name).joined(separator: ";")
    let lines = fields.map { "\($0.name):\($0.value)\n" }.joined()
    let request = "\(method)\n\(target)\n\n\(lines)\n\(names)\n\(sha256)"
    let scope = "\(time.prefix(8))/\(region)/s3/aws4_request"
    let hash = HexText.text(SHA256.hash(data: Array(request.utf8)))
    let text = "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n\(hash)"
    var key = Array("AWS4\(secret.value)".utf8)
    for part in [String(time.prefix(8)), region, "s3", "aws4_request"] { key = Self.code(part, key) }
    return "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope),SignedHeaders=\(names),"
      + "Signature=\(HexText.text(Self.code(text, key)))"
  }

  private static func code(_ text: String, _ key: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
  }
}
