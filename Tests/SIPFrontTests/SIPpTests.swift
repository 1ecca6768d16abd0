import Application
import Foundation
import Primitives
import SIP
import Testing

@testable import SIPFront

/// A real client that others wrote: `sipp` with its built-in caller.
@Suite(
  .timeLimit(.minutes(2)), .serialized, .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sipp")))
struct SIPpTests {
  static let calls = 200

  @Test(arguments: [SIPTransport.udp, .tcp]) func itsCallsAllSucceed(_ transport: SIPTransport) async throws {
    try await withFront(.answers) { front, user in
      let server = try present(front.boundAddress(transport))
      let status = try await Self.run([
        "-sn", "uac", "\(server)", "-i", "127.0.0.1", "-t", transport == .udp ? "u1" : "t1", "-m", "\(Self.calls)",
        "-r", "100", "-d", "20", "-nostdin", "-timeout", "60", "-timeout_error",
      ])
      #expect(status == 0)
      #expect(await user.requests == 2 * Self.calls)
      #expect(await user.acknowledgements == Self.calls)
    }
  }

  /// The exit status: 0 if all calls succeeded.
  static func run(_ arguments: [String]) async throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sipp")
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.currentDirectoryURL = FileManager.default.temporaryDirectory
    return try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
  }
}
