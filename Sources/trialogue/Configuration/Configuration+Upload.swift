import Application
import Primitives

extension Configuration {
  /// Where recordings are copied to.
  mutating func readUpload(_ section: SectionReader) {
    let text = section.string("endpoint", default: "")
    let endpoint = WebhookAddress(text)
    if endpoint == nil || endpoint?.target.contains("?") == true {
      section.problem("endpoint", "is no URL; write https://host, without user and password")
    }
    let bucket = section.string("bucket", default: "")
    if !ObjectPlace.isBucket(bucket) {
      section.problem("bucket", "is 3 to 63 lower-case letters, digits, '-' or '.'")
    }
    let region = section.string("region", default: "us-east-1")
    if !NamePattern.isPlainName(region) { section.problem("region", "is a name as 'eu-central-1'") }
    var prefix = section.string("prefix", default: "")
    if !ObjectPlace.isPrefix(prefix) {
      section.problem("prefix", "is letters, digits, '-', '_', '.' and '/', without '/' before it")
    }
    if !prefix.isEmpty, !prefix.hasSuffix("/") { prefix += "/" }
    let accessKey = section.string("access_key", default: "")
    if !NamePattern.isPlainName(accessKey) {
      section.problem("access_key", "is 1 to 64 letters, digits, '-', '_', '.' or '+'")
    }
    let secret = section.string("secret", default: "")
    if secret.isEmpty { section.problem("secret", "is missing; write it, or secret_file") }
    recording.uploadDeletesLocal = section.boolean("delete_local", default: false)
    recording.uploadAuthorities = section.optionalString("authorities")
    section.finish()
    recording.upload = endpoint.map {
      ObjectPlace(
        endpoint: $0, bucket: bucket, region: region, prefix: prefix, accessKey: accessKey, secret: Redacted(secret))
    }
  }
}
