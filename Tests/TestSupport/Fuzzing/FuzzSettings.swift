#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How long and from where targets run: `FUZZ_SECONDS` (15), `FUZZ_SEED` (1), `FUZZ_ITERATIONS` (no limit), `FUZZ_FOLDER` for
/// the records of what is being run, `FUZZ_INPUT` to run one file alone.
package struct FuzzSettings: Sendable {
  package var seconds: Double
  package var seed: UInt64
  package var iterations: Int
  package var folder: String
  /// The file that alone is to be run: an input, or a record of a crash.
  package var input: [UInt8]?

  package static let process: FuzzSettings = {
    let variables = ProcessInfo.processInfo.environment
    var settings = FuzzSettings()
    settings.seconds = variables["FUZZ_SECONDS"].flatMap { Double($0) } ?? settings.seconds
    settings.seed = variables["FUZZ_SEED"].flatMap { UInt64($0) } ?? settings.seed
    settings.iterations = variables["FUZZ_ITERATIONS"].flatMap { Int($0) } ?? settings.iterations
    settings.folder = variables["FUZZ_FOLDER"] ?? settings.folder
    if let path = variables["FUZZ_INPUT"] { settings.input = FuzzSettings.file(path) }
    return settings
  }()

  package init() {
    seconds = 15
    seed = 1
    iterations = .max
    folder = "/tmp/trialogue-fuzz"
  }

  /// What a record says was being run, or the whole file if it is none.
  package static func file(_ path: String) -> [UInt8]? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let bytes = [UInt8](data)
    guard path.hasSuffix(".input") || path.hasSuffix(".crash"), bytes.count >= 16 else { return bytes }
    let count = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    return Array(bytes.dropFirst(16).prefix(max(0, count)))
  }

  /// Keeps a record that an earlier run left behind, under another name; what it was running.
  package func crash(of name: String) -> (path: String, input: [UInt8])? {
    let files = FileManager.default
    let kept = "\(folder)/\(name).crash"
    let left = "\(folder)/\(name).input"
    if files.fileExists(atPath: left) {
      try? files.removeItem(atPath: kept)
      try? files.moveItem(atPath: left, toPath: kept)
    }
    return FuzzSettings.file(kept).map { (kept, $0) }
  }

  /// It has run, and the process lives.
  package func forgetCrash(of name: String) { try? FileManager.default.removeItem(atPath: "\(folder)/\(name).crash") }
}
