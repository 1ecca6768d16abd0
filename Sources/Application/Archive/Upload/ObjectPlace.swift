import Primitives

/// Where recordings are copied to: a bucket of a store that speaks the interface of Amazon S3.
package struct ObjectPlace: Hashable, Sendable {
  package var endpoint: WebhookAddress
  package var bucket: String
  package var region: String
  /// Goes before every name; empty, or with a slash at its end.
  package var prefix: String
  package var accessKey: String
  package var secret: Redacted<String>

  package init(
    endpoint: WebhookAddress, bucket: String, region: String, prefix: String = "", accessKey: String,
    secret: Redacted<String>
  ) {
    self.endpoint = endpoint
    self.bucket = bucket
    self.region = region
    self.prefix = prefix
    self.accessKey = accessKey
    self.secret = secret
  }

  /// The path of an object, with the bucket in it: so it goes with every store, and without a name in DNS for each bucket. Whatever
  /// stands in it must be a character that a path may have as it is.
  func target(_ name: String) -> String {
    let base = endpoint.target.hasSuffix("/") ? endpoint.target : endpoint.target + "/"
    return "\(base)\(bucket)/\(prefix)\(name)"
  }

  /// Names of buckets (3 to 63 of a–z, 0–9, '.' and '-'), and characters of prefixes.
  package static func isBucket(_ text: String) -> Bool {
    (3...63).contains(text.utf8.count)
      && text.utf8.allSatisfy { isPlain($0) && !(0x41...0x5A).contains($0) && $0 != 0x5F }
  }

  package static func isPrefix(_ text: String) -> Bool {
    text.utf8.count <= 255 && !text.hasPrefix("/") && !text.contains("..")
      && text.utf8.allSatisfy { isPlain($0) || $0 == 0x2F }
  }

  private static func isPlain(_ octet: UInt8) -> Bool {
    (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet) || octet == 0x2D
      || octet == 0x2E || octet == 0x5F
  }
}
