/// What one run of a fuzz target did.
package struct FuzzReport: Sendable, CustomStringConvertible {
  /// A promise that was broken, and how to see it again.
  package struct Finding: Sendable, CustomStringConvertible {
    package var failure: FuzzFailure
    package var iteration: Int
    /// As short as it could be made.
    package var input: [UInt8]

    package var description: String {
      "iteration \(iteration): \(failure)\n\(input.count) octets: \(FuzzReport.printable(input))"
    }
  }

  package var name: String
  package var seed: UInt64
  package var executions = 0
  package var accepted = 0
  package var seeds = 0
  package var corpus = 0
  /// Processor time of the slowest input, in seconds, and its octets.
  package var slowest = 0.0
  package var slowestCount = 0
  package var findings: [Finding] = []

  package init(name: String, seed: UInt64) {
    self.name = name
    self.seed = seed
  }

  package var description: String {
    let milliseconds = Int((slowest * 1_000).rounded(.up))
    return "fuzz \(name): \(executions) executions, \(accepted) accepted, corpus \(corpus) from \(seeds) seeds, "
      + "slowest \(milliseconds) ms for \(slowestCount) octets, seed \(seed)"
  }

  /// Text with escapes for what cannot be printed; the first 600 octets.
  package static func printable(_ bytes: [UInt8]) -> String {
    var text = ""
    for byte in bytes.prefix(600) {
      switch byte {
      case 0x0A: text += "\\n"
      case 0x0D: text += "\\r"
      case 0x5C: text += "\\\\"
      case 0x20...0x7E: text += String(Unicode.Scalar(byte))
      default: text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return bytes.count > 600 ? text + " …" : text
  }
}
