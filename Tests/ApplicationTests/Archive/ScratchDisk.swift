import Application
import Crypto
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A recordings root in a directory of the test's own, gone with the value; its writes can be refused or held.
final class ScratchDisk: ArchiveDisk {
  struct Full: Error {}

  private struct State {
    var isFull = false
    var isHeld = false
    var waiting: [CheckedContinuation<Void, Never>] = []
    var writes = 0
  }

  let root: String
  private let state = Mutex(State())

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "trialogue-" + UUID().uuidString.lowercased()).path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// How often something was written.
  var writes: Int { state.withLock { $0.writes } }

  func fill(_ isFull: Bool) { state.withLock { $0.isFull = isFull } }

  /// From now on nothing gets to the disk until `release`.
  func hold() { state.withLock { $0.isHeld = true } }

  func release() {
    let waiting = state.withLock { state in
      state.isHeld = false
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func write(_ octets: [UInt8], to name: String, in directory: String) async throws {
    await withCheckedContinuation { continuation in
      let isHeld = state.withLock { state in
        if state.isHeld { state.waiting.append(continuation) }
        return state.isHeld
      }
      if !isHeld { continuation.resume() }
    }
    if state.withLock({ $0.isFull }) { throw Full() }
    try FileManager.default.createDirectory(atPath: "\(root)/\(directory)", withIntermediateDirectories: true)
    try Data(octets).write(to: URL(filePath: "\(root)/\(directory)/\(name)"))
    state.withLock { $0.writes += 1 }
  }

  func write(_ octets: [UInt8], to name: String, at offset: Int64) async throws {
    if state.withLock({ $0.isFull }) { throw Full() }
    let path = "\(root)/\(name)"
    let former = FileManager.default.contents(atPath: path) ?? Data()
    try (former.prefix(Int(offset)) + Data(octets)).write(to: URL(filePath: path))
  }

  func digest(of name: String, in directory: String) async throws -> (octets: Int64, sha256: String) {
    let data = try Data(contentsOf: URL(filePath: "\(root)/\(directory)/\(name)"))
    let digits = SHA256.hash(data: data).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return (Int64(data.count), digits.joined())
  }

  func storedDigest(of name: String, in directory: String) async throws -> (octets: Int64, sha256: String) {
    try await digest(of: name, in: directory)
  }

  func sealedContent(of name: String, in directory: String) async throws -> (any SealedContent)? { nil }

  /// What `recording.json` in a directory says; nil if there is none.
  func description(_ directory: String) -> RecordingDescription? {
    FileManager.default.contents(atPath: "\(root)/\(directory)/recording.json").flatMap {
      try? JSONDecoder().decode(RecordingDescription.self, from: $0)
    }
  }

  func makeDirectory(_ directory: String) throws {
    try FileManager.default.createDirectory(atPath: "\(root)/\(directory)", withIntermediateDirectories: true)
  }

  func put(_ description: RecordingDescription, in directory: String) throws {
    try makeDirectory(directory)
    try JSONEncoder().encode(description).write(to: URL(filePath: "\(root)/\(directory)/recording.json"))
  }
}
