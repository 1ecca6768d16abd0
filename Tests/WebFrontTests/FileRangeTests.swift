import Application
import HTTPTypes
import Testing

@testable import WebFront

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Files of recordings, whole and in parts: RFC 9110, section 14.
@Suite struct FileRangeTests {
  static let octets = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
  static let path = "/api/v1/recordings/r1/files/mix.wav"

  /// A door behind which a file of 1,000 octets lies.
  private func door() throws -> Door {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "mix.wav")
    try Data(Self.octets).write(to: file)
    let door = Door()
    door.control.serve(file.path)
    return door
  }

  @Test func aFileComesWholeWithItsType() async throws {
    let answer = try await door().ask(.get, Self.path)
    #expect(answer.status == 200 && answer.body == Self.octets)
    #expect(answer.headers[.contentType] == "audio/wav")
    #expect(answer.headers[.acceptRanges] == "bytes")
  }

  @Test(arguments: [
    ("bytes=0-0", 0...0), ("bytes=0-99", 0...99), ("bytes=990-", 990...999), ("bytes=-10", 990...999),
    ("bytes=500-5000", 500...999), ("bytes=-5000", 0...999), ("bytes=999-999", 999...999),
  ])
  func aPartIsWhatWasAskedFor(_ text: String, _ range: ClosedRange<Int>) async throws {
    let answer = try await door().ask(.get, Self.path, headers: [.range: text])
    #expect(answer.status == 206)
    #expect(answer.headers[.contentRange] == "bytes \(range.lowerBound)-\(range.upperBound)/1000")
    #expect(answer.body == Array(Self.octets[range]))
  }

  @Test(arguments: [
    "bytes=1000-", "bytes=5-2", "bytes=-0", "bytes=a-b", "bytes=--5", "bytes=", "bytes=0-1,5-6", "octets=0-5",
    "bytes=99999999999999999999-", "bytes=0x1-2",
  ])
  func aRangeThatNamesNothingIs416(_ text: String) async throws {
    let answer = try await door().ask(.get, Self.path, headers: [.range: text])
    #expect(answer.status == 416)
    #expect(answer.headers[.contentRange] == "bytes */1000")
    #expect(answer.body.isEmpty)
  }

  /// A sealed file of the same octets; `held`: those that are really there.
  private struct Sealed: SealedContent {
    var octets = Int64(FileRangeTests.octets.count)
    var held = FileRangeTests.octets
    func read(_ count: Int, at offset: Int64) async throws -> [UInt8] {
      // In pieces: as little as it likes.
      Array(held.dropFirst(Int(offset)).prefix(min(count, 300)))
    }
  }

  @Test(arguments: [nil, "bytes=0-0", "bytes=250-", "bytes=-10", "bytes=500-5000"])
  func aSealedFileComesAsAPlainOne(_ range: String?) async throws {
    let sealed = Door()
    sealed.control.serve(.sealed(Sealed()))
    let headers: HTTPFields = range.map { [.range: $0] } ?? [:]
    let answer = try await sealed.ask(.get, Self.path, headers: headers)
    let plain = try await door().ask(.get, Self.path, headers: headers)
    #expect(answer.status == plain.status && answer.body == plain.body && !answer.body.isEmpty)
    #expect(answer.headers[.contentRange] == plain.headers[.contentRange])
    #expect(answer.headers[.contentLength] == plain.headers[.contentLength])
  }

  @Test func aFileThatIsGoneFromDiskIs404() async throws {
    let door = Door()
    door.control.serve("/nonexistent/mix.wav")
    let answer = try await door.ask(.get, Self.path)
    #expect(answer.status == 404 && answer.problem?.code == 404)
  }
}
