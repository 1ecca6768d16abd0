#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Speech that tests leave for PESQ to judge (`Tests/Interop/test_quality.py`): raw 16-bit samples in `SPEECH_DIRECTORY`.
package enum SpeechFolder {
  /// Does nothing if the variable is not set.
  package static func keep(_ samples: [Int16], _ name: String) throws {
    guard let folder = ProcessInfo.processInfo.environment["SPEECH_DIRECTORY"] else { return }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let octets = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    try Data(octets).write(to: URL(fileURLWithPath: "\(folder)/\(name).s16"))
  }
}
