/// Why a certificate or its key is of no use.
package struct TLSProblem: Error, Hashable, Sendable, CustomStringConvertible {
  package var file: String
  package var reason: String

  package init(file: String, reason: String) {
    self.file = file
    self.reason = reason
  }

  package var description: String { "'\(file)': \(reason)" }
}
