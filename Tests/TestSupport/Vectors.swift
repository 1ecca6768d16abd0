import Primitives

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Conformance data that lies beside the repository, in `../shared/vectors`; tests that need it skip visibly without it.
package enum Vectors {
  /// The folder, or nil when it is not there. `TRIALOGUE_VECTORS` names another place.
  package static let folder: String? = {
    let root = packageRoot
    let candidates =
      [ProcessInfo.processInfo.environment["TRIALOGUE_VECTORS"]].compactMap { $0 } + ["\(root)/../shared/vectors"]
    return candidates.first { FileManager.default.fileExists(atPath: "\($0)/MANIFEST.tsv") }
  }()

  package static var isPresent: Bool { folder != nil }

  /// The repository's root, found from this file's place. Works also when the sources are reached through links.
  package static var packageRoot: String {
    var url = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url.path
  }

  package static func bytes(_ path: String) throws -> [UInt8] {
    guard let folder else { throw VectorsMissing() }
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(path)")))
  }

  package static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

  /// Names of the files directly in a folder, sorted.
  package static func list(_ path: String) throws -> [String] {
    guard let folder else { throw VectorsMissing() }
    return try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(path)").sorted()
  }

  /// 16-bit samples of a mono WAV whose samples start at octet 44, as all speech and codec vectors do.
  package static func samples(_ path: String) throws -> [Int16] {
    let octets = try bytes(path)
    guard octets.count >= 44 else { return [] }
    return stride(from: 44, to: octets.count - 1, by: 2).map {
      Int16(bitPattern: UInt16(octets[$0]) | UInt16(octets[$0 + 1]) << 8)
    }
  }
}

package struct VectorsMissing: Error {}
