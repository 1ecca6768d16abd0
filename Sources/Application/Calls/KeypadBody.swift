import Conference

/// Digits in the body of an INFO, as phones without RFC 4733 send them.
enum KeypadBody {
  static let contentTypes = ["application/dtmf-relay", "application/dtmf"]

  /// `Signal=5` and `Duration=160` on lines of their own, or the digit alone; nil if no digit can be read.
  static func digit(contentType: String, body: [UInt8]) -> DTMFDigit? {
    guard body.count <= 256 else { return nil }
    let lines = String(decoding: body, as: UTF8.self).split { $0.isNewline }
    switch contentType {
    case "application/dtmf-relay":
      for line in lines {
        let parts = line.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, trimmed(parts[0]).lowercased() == "signal" else { continue }
        return digit(trimmed(parts[1]))
      }
      return nil
    case "application/dtmf": return lines.first.flatMap { digit(trimmed($0)) }
    default: return nil
    }
  }

  /// The key itself, or its event number of RFC 4733 for those that have no decimal digit.
  private static func digit(_ text: String) -> DTMFDigit? {
    if text.count == 1, let character = text.first { return DTMFDigit(character) }
    guard let number = UInt8(text), (10...15).contains(number) else { return nil }
    return DTMFDigit(rawValue: number)
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop { $0 == " " || $0 == "\t" }
    return String(start.prefix { $0 != " " && $0 != "\t" && $0 != ";" })
  }
}
