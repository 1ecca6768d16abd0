import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One Swift file of the house, as a reader of rules sees it.
struct Source: Sendable, CustomTestStringConvertible {
  /// A line as it stands, and without comments and the contents of literals.
  struct Line: Sendable {
    var number: Int
    var text: String
    var code: String
    var words: [Substring] { code.split { !($0.isLetter || $0.isNumber || $0 == "_") } }
  }

  /// Below `Sources/`.
  var path: String
  var target: String
  var lines: [Line]

  var isUnsafe: Bool { path.hasSuffix("+C.swift") }
  var testDescription: String { path }
  var file: String { String(path.split(separator: "/").last ?? "") }
  /// `Leg` of `Leg+Receive.swift`.
  var type: String { file.dropLast(6).split(separator: "+").first.map(String.init) ?? "" }
  func place(_ line: Line) -> String { "\(path):\(line.number): \(line.text.drop { $0 == " " })" }

  /// The modules that the file imports, whichever way.
  var imports: [String] {
    lines.compactMap { line in
      let words = line.code.split(separator: " ").map(String.init)
      guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
        words[..<place].allSatisfy({ $0.hasPrefix("@") || Source.access.contains($0) })
      else { return nil }
      let rest = words[(place + 1)...].drop { Source.kinds.contains($0) }
      return rest.first?.split(separator: ".").first.map(String.init)
    }
  }
  private static let access: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
  private static let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "typealias", "let", "var"]

  static let root: String = {
    var url = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url.path
  }()

  /// All of `Sources/`.
  static let all: [Source] = files(below: "Sources", ending: ".swift").map { path in
    Source(
      path: String(path.dropFirst("Sources/".count)), target: String(path.split(separator: "/")[1]),
      lines: read(text(path)))
  }

  /// Paths from the root, sorted.
  static func files(below folder: String, ending suffix: String = "") -> [String] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
    return names.filter { $0.hasSuffix(suffix) }.sorted().map { "\(folder)/\($0)" }
  }

  static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: "\(root)/\(path)") ?? Data(), as: UTF8.self)
  }

  static func read(_ text: String) -> [Line] {
    var isInLongLiteral = false
    return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
      let hasFence = line.contains("\"\"\"")
      defer { if hasFence { isInLongLiteral.toggle() } }
      return Line(number: index + 1, text: String(line), code: isInLongLiteral || hasFence ? "" : code(of: line))
    }
  }

  /// Without what stands behind `//` and between quotes.
  private static func code(of line: Substring) -> String {
    var code = ""
    var isQuoted = false
    var isEscaped = false
    var last: Character = " "
    for character in line {
      if isQuoted {
        if isEscaped {
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else if character == "\"" {
          isQuoted = false
        }
        continue
      }
      if character == "/", last == "/" { return String(code.dropLast()) }
      if character == "\"" { isQuoted = true }
      code.append(character)
      last = character
    }
    return code
  }
}
