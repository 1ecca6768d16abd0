import Yams

/// YAML as a tree; what is no YAML is reported with its line.
enum ConfigurationText {
  static func compose(_ text: String, report: ProblemList) -> Node? {
    do { return try Yams.compose(yaml: text) } catch YamlError.duplicatedKeysInMapping(let names, let context) {
      for name in names { report.add(context.mark.line, name, "the key stands here twice; remove one") }
    } catch let error as YamlError {
      report.add(line(of: error), "(file)", "no valid YAML: \(error)".split(separator: "\n").joined(separator: " "))
    } catch {
      report.add(1, "(file)", "no valid YAML")
    }
    return nil
  }

  private static func line(of error: YamlError) -> Int {
    switch error {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
    default: 1
    }
  }
}
