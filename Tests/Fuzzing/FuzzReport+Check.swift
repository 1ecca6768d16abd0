import TestSupport
import Testing

extension FuzzReport {
  /// Prints the figures and records every finding. A target that takes nothing looks at nothing.
  func check(sourceLocation: SourceLocation = #_sourceLocation) {
    print(description)
    for finding in findings {
      Issue.record("\(name), seed \(seed): \(finding)", sourceLocation: sourceLocation)
    }
    #expect(executions > 0, sourceLocation: sourceLocation)
    if FuzzSettings.process.input == nil { #expect(accepted > 0, sourceLocation: sourceLocation) }
  }
}
