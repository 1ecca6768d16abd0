import Foundation
import Logging
import Primitives
import SwiftASN1
import Testing
import X509

@testable import trialogue

/// The server makes itself a certificate, once, and says what is wrong with those that it is given.
@Suite struct CertificateFilesTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  private var configuration = Configuration()

  init() {
    configuration.recording.directory = folder.appending(path: "recordings").path
    configuration.server.domain = "conf.example"
    configuration.server.publicAddress = .v4(0xC000_0201)
  }

  private func leaf(_ files: CertificateFiles) throws -> Certificate {
    try Certificate(pemEncoded: String(contentsOfFile: files.certificate, encoding: .utf8))
  }

  @Test func theFirstStartMakesOneForAllOurNames() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = CertificateFiles(configuration)
    #expect(files.finding(at: Date()).verdict == .ok)
    _ = try files.load(logger: logger)
    let made = try leaf(files)
    let names = try #require(try made.extensions.subjectAlternativeNames).map { "\($0)" }
    for name in ["localhost", "conf.example"] { #expect(names.contains { $0.contains(name) }, "\(names)") }
    #expect(names.count == 5)
    #expect(made.notValidAfter.timeIntervalSinceNow > 390 * 86_400)
    func mode(_ path: String) throws -> Int? {
      (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }
    #expect(try mode(files.key) == 0o600)
    #expect(try mode(folder.appending(path: "tls").path) == 0o700)
    #expect(files.finding(at: Date()).verdict == .ok)
    // The next start keeps it.
    _ = try files.load(logger: logger)
    #expect(try leaf(files) == made)
  }

  @Test func oursIsMadeAnewWhenItIsOfNoUse() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = CertificateFiles(configuration)
    let identity = try files.load(logger: logger)
    let old = try SelfSignedCertificate(
      names: ["localhost"], addresses: [], at: Date(timeIntervalSinceNow: -380 * 86_400))
    try Data(old.certificate.utf8).write(to: URL(filePath: files.certificate))
    #expect(files.finding(at: Date()).verdict == .fail, "it does not fit its key")
    files.renew(identity, logger: logger)
    #expect(try leaf(files).notValidAfter.timeIntervalSinceNow > 390 * 86_400)
    try FileManager.default.removeItem(atPath: files.key)
    _ = try files.load(logger: logger)
  }

  @Test func theOperatorsIsNeverTouched() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var configuration = configuration
    configuration.tls.certificate = folder.appending(path: "c.pem").path
    configuration.tls.key = folder.appending(path: "k.pem").path
    let files = CertificateFiles(configuration)
    #expect(files.finding(at: Date()).verdict == .fail)
    #expect(throws: StartFailure.self) { try files.load(logger: logger) }
    let made = try SelfSignedCertificate(names: ["conf.example"], addresses: [], at: Date())
    try Data(made.certificate.utf8).write(to: URL(filePath: files.certificate))
    try Data(made.key.utf8).write(to: URL(filePath: files.key))
    let identity = try files.load(logger: logger)
    #expect(files.finding(at: Date()).verdict == .ok)
    #expect(files.finding(at: Date(timeIntervalSinceNow: 390 * 86_400)).verdict == .warn)
    #expect(files.finding(at: Date(timeIntervalSinceNow: 398 * 86_400)).verdict == .fail)
    #expect(files.finding(at: Date(timeIntervalSinceNow: -2 * 86_400)).verdict == .fail)
    try Data("spoilt".utf8).write(to: URL(filePath: files.certificate))
    files.renew(identity, logger: logger)
    #expect(try String(contentsOfFile: files.certificate, encoding: .utf8) == "spoilt")
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "tls").path))
  }
}
