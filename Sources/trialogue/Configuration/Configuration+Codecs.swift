import Application
import Codecs

/// What the configuration says of codecs: names as in SDP.
extension Configuration {
  /// All that this build speaks, as they may be written.
  static var codecNames: [String] {
    CodecName.allCases.filter { name in CodecTable.rows.contains { $0.format.codec == name } }.map(\.rawValue)
  }

  mutating func readCodecs(_ section: SectionReader) {
    let allowed = section.strings("allowed", default: codecs.allowed.map(\.rawValue))
    codecs.allowed = Configuration.names(allowed, of: "allowed", in: section)
    if allowed.isEmpty { section.problem("allowed", "at least one codec is wanted") }
    let complexity = section.choice("opus_complexity", default: "auto", of: ["auto"] + (0...10).map(String.init))
    codecs.opusComplexity = Int(complexity)
    codecs.opusBitRate = section.integer("opus_bit_rate", default: codecs.opusBitRate, in: 6_000...510_000)
    section.finish()
  }

  /// `codecs`, `codecs_denied` and `g726_packing` of a room, trunk or user.
  static func codecFilter(_ section: SectionReader) -> CodecFilter {
    let allowed = names(section.strings("codecs", default: []), of: "codecs", in: section)
    let denied = names(section.strings("codecs_denied", default: []), of: "codecs_denied", in: section)
    if !allowed.isEmpty, allowed.allSatisfy(denied.contains) {
      section.problem("codecs_denied", "leaves none of 'codecs'; take one out")
    }
    let packing = section.choice("g726_packing", default: "rfc3551", of: ["rfc3551", "aal2"])
    return CodecFilter(
      allowed: allowed.isEmpty ? nil : allowed, denied: Set(denied), g726Packing: packing == "aal2" ? .aal2 : nil)
  }

  private static func names(_ texts: [String], of key: String, in section: SectionReader) -> [CodecName] {
    let known = codecNames
    return texts.compactMap { text in
      guard known.contains(text), let name = CodecName(rawValue: text) else {
        section.problem(key, "unknown codec '\(text)'\(EditDistance.hint(text, among: known))")
        return nil
      }
      return name
    }
  }
}
