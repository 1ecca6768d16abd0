import Application
import HTTPTypes
import Hummingbird
import Testing

@testable import WebFront

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What is handed over is a tar file that others read.
@Suite struct ExportArchiveTests {
  @Test func headersAreAsTheStandardHasThem() {
    let header = TarHeader.octets(name: "a/mix.wav", size: 1_000)
    #expect(header.count == 512)
    #expect(header.starts(with: Array("a/mix.wav\u{0}".utf8)))
    #expect(String(decoding: header[124..<135], as: UTF8.self) == "00000001750")
    #expect(String(decoding: header[257..<265], as: UTF8.self) == "ustar\u{0}00")
    let sum = header.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
    #expect(Int(String(decoding: header[148..<154], as: UTF8.self), radix: 8) == sum)
    let large = TarHeader.octets(name: String(repeating: "n", count: 200), size: 1 << 33)
    #expect(Array(large[124..<136]) == [0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0])
    #expect([0, 1, 512, 513].map { TarHeader.padded($0) } == [0, 512, 512, 1_024])
  }

  @Test func itHoldsTheFilesAndTheirSums() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    let content = [UInt8]((0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    try Data(content).write(to: URL(filePath: path))
    let file = ExportedRecording.File(
      name: "mix.wav", octets: Int64(content.count), sha256: "ab"
    ) { .plain(path: path) }
    let export = ExportedRecording(recording: Samples.recording, files: [file, file], at: Samples.time, by: "test")
    let response = try ExportArchive(export).response()
    #expect(response.headers[.contentDisposition] == "attachment; filename=\"r1.tar\"")
    let octets = try await Door.octets(of: response)
    #expect(octets.count == response.body.contentLength && octets.count % 512 == 0)
    // Manifest, then the file, behind its header.
    let size = try #require(Int(String(decoding: octets[124..<135], as: UTF8.self), radix: 8))
    let manifest = try JSONDecoder().decode(Manifest.self, from: Data(octets[512..<(512 + size)]))
    #expect(manifest.recording == "r1" && manifest.by == "test" && manifest.files.map(\.sha256) == ["ab", "ab"])
    let start = 512 + Int(TarHeader.padded(Int64(size)))
    #expect(octets[start...].starts(with: Array("r1/mix.wav\u{0}".utf8)))
    #expect(octets[(start + 512)...].starts(with: content))
    #expect(octets.suffix(1_024).allSatisfy { $0 == 0 })
  }

  private struct Manifest: Decodable {
    struct File: Decodable { var sha256: String }
    var recording: String
    var by: String
    var files: [File]
  }

  @Test func aFileThatBecameShorterBreaksTheDownload() async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try Data("short".utf8).write(to: URL(filePath: path))
    let file = ExportedRecording.File(name: "mix.wav", octets: 6, sha256: "ab") { .plain(path: path) }
    let response = try ExportArchive(
      ExportedRecording(recording: Samples.recording, files: [file], at: Samples.time, by: "test")
    ).response()
    await #expect(throws: ControlError.self) { try await Door.octets(of: response) }
  }
}
