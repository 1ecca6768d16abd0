import Yams

/// Reads one mapping of a YAML file strictly: every key must be asked for, every value must have its type.
///
/// Problems are collected, so that an operator sees all of them at once.
final class SectionReader {
  private let mapping: [(name: String, line: Int, value: Node)]
  let path: String
  private let line: Int
  private let report: ProblemList
  private var known: [String] = []

  init(_ node: Node?, path: String, report: ProblemList) {
    self.path = path
    self.report = report
    self.line = node?.mark?.line ?? 1
    guard let node, !SectionReader.isNull(node) else {
      mapping = []
      return
    }
    guard case .mapping(let pairs) = node else {
      mapping = []
      report.add(line, path.isEmpty ? "(file)" : path, "a mapping 'key: value' is wanted here")
      return
    }
    var seen: Set<String> = []
    var read: [(String, Int, Node)] = []
    for (key, value) in pairs {
      // A key that is a list, or nothing, has no name either.
      let name = key.string.flatMap { $0.isEmpty ? nil : $0 } ?? "?"
      if !seen.insert(name).inserted {
        report.add(key.mark?.line ?? line, SectionReader.join(path, name), "the key stands here twice; remove one")
      }
      read.append((name, key.mark?.line ?? line, value))
    }
    mapping = read
  }

  static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  private static func isNull(_ node: Node) -> Bool {
    node.scalar.map { $0.string.isEmpty || $0.string == "~" } ?? false
  }

  private func find(_ key: String) -> (node: Node, line: Int)? {
    known.append(key)
    return mapping.first { $0.name == key }.map { ($0.value, $0.value.mark?.line ?? $0.line) }
  }

  func problem(_ key: String, _ reason: String) {
    let at = mapping.first { $0.name == key }?.line ?? line
    report.add(at, SectionReader.join(path, key), reason)
  }

  /// What the environment says instead of the file; a secret's file that cannot be read is a problem, not an absent key.
  private func override(_ full: String) -> String? {
    switch report.environment.override(of: full) {
    case .value(let text): return text
    case .unreadable(let variable, let path):
      report.add(0, full, "\(variable): the file '\(path)' cannot be read; check its path and permissions")
      return nil
    case nil: return nil
    }
  }

  /// The text of a scalar: from the environment if it says something, else from the file.
  private func scalar(_ key: String, wanted: String) -> (text: String, line: Int, isQuoted: Bool)? {
    let entry = find(key)
    let full = SectionReader.join(path, key)
    if let override = override(full) { return (override, 0, true) }
    guard let entry, !SectionReader.isNull(entry.node) else { return nil }
    guard let scalar = entry.node.scalar else {
      report.add(entry.line, full, "\(wanted) is wanted here")
      return nil
    }
    return (scalar.string, entry.line, scalar.style != .plain)
  }

  func string(_ key: String, default value: String) -> String { optionalString(key) ?? value }

  /// The text of `key`, or the content of the file that `KEY_file` names.
  func optionalString(_ key: String) -> String? {
    let fileKey = key + "_file"
    known.append(fileKey)
    guard report.environment.override(of: SectionReader.join(path, key)) == nil, let file = optionalPlain(fileKey)
    else {
      return optionalPlain(key)
    }
    known.append(key)
    if mapping.contains(where: { $0.name == key }) {
      problem(key, "stands here beside \(fileKey); keep one of them")
    }
    guard let text = report.environment.read(file) else {
      problem(fileKey, "the file '\(file)' cannot be read; check its path and permissions")
      return nil
    }
    return text
  }

  private func optionalPlain(_ key: String) -> String? { scalar(key, wanted: "text")?.text }

  func integer(_ key: String, default value: Int, in range: ClosedRange<Int>) -> Int {
    guard let (text, line, _) = scalar(key, wanted: "a whole number") else { return value }
    guard let number = Int(text), range.contains(number) else {
      report.add(
        line, SectionReader.join(path, key),
        "'\(text)' is no whole number from \(range.lowerBound) to \(range.upperBound)")
      return value
    }
    return number
  }

  func fraction(_ key: String, default value: Double, in range: ClosedRange<Double>) -> Double {
    guard let (text, line, _) = scalar(key, wanted: "a number") else { return value }
    guard let number = Double(text), range.contains(number) else {
      report.add(
        line, SectionReader.join(path, key), "'\(text)' is no number from \(range.lowerBound) to \(range.upperBound)")
      return value
    }
    return number
  }

  func boolean(_ key: String, default value: Bool) -> Bool {
    guard let (text, line, _) = scalar(key, wanted: "true or false") else { return value }
    switch text {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default:
      report.add(line, SectionReader.join(path, key), "'\(text)' is neither true nor false")
      return value
    }
  }

  /// One of some words.
  func choice(_ key: String, default value: String, of words: [String]) -> String {
    guard let (text, line, _) = scalar(key, wanted: words.joined(separator: ", ")) else { return value }
    guard words.contains(text) else {
      report.add(
        line, SectionReader.join(path, key),
        "'\(text)' is none of \(words.joined(separator: ", "))\(EditDistance.hint(text, among: words))")
      return value
    }
    return text
  }

  func strings(_ key: String, default value: [String]) -> [String] {
    if let override = override(SectionReader.join(path, key)) {
      known.append(key)
      return override.split(separator: ",").map { String($0.drop { $0 == " " }) }
    }
    guard let (node, line) = find(key), !SectionReader.isNull(node) else { return value }
    guard case .sequence(let sequence) = node else {
      report.add(line, SectionReader.join(path, key), "a list is wanted here")
      return value
    }
    return sequence.enumerated().compactMap { index, item in
      guard let scalar = item.scalar else {
        report.add(item.mark?.line ?? line, "\(SectionReader.join(path, key))[\(index)]", "text is wanted here")
        return nil
      }
      return scalar.string
    }
  }

  /// One text or a list of them.
  func list(_ key: String) -> [String] {
    if let entry = mapping.first(where: { $0.name == key }), entry.value.scalar != nil {
      return optionalPlain(key).map { [$0] } ?? []
    }
    return strings(key, default: [])
  }

  /// The keys that stand here, in their order.
  var keys: [String] { mapping.map(\.name) }

  func section(_ key: String) -> SectionReader {
    SectionReader(find(key)?.node, path: SectionReader.join(path, key), report: report)
  }

  /// A list of mappings; nil if the key is absent. `allowsWords`: a bare word stands for a key without a value.
  func sections(_ key: String, allowsWords: Bool = false) -> [SectionReader]? {
    guard let (node, line) = find(key), !SectionReader.isNull(node) else { return nil }
    guard case .sequence(let sequence) = node else {
      report.add(line, SectionReader.join(path, key), "a list of mappings is wanted here ('- key: value')")
      return nil
    }
    return sequence.enumerated().map { index, item in
      var item = item
      if allowsWords, case .scalar(let word) = item {
        item = .mapping(Node.Mapping([(.scalar(word), "")], .implicit, .any, word.mark))
      }
      return SectionReader(item, path: "\(SectionReader.join(path, key))[\(index)]", report: report)
    }
  }

  /// Free keys with text values.
  func dictionary(_ key: String) -> [String: String] {
    let inner = section(key)
    return Dictionary(
      inner.mapping.map { ($0.name, inner.optionalPlain($0.name) ?? "") }, uniquingKeysWith: { first, _ in first })
  }

  /// Reports every key that nobody asked for.
  func finish() {
    for (name, line, _) in mapping where !known.contains(name) {
      report.add(
        line, SectionReader.join(path, name),
        "unknown key\(EditDistance.hint(name, among: known.filter { !$0.hasSuffix("_file") }))")
    }
  }
}
