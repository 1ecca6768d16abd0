import Foundation
import Testing

@testable import SecureRTP

/// The `openssl` program as a peer.
enum OpenSSLProgram {
  static let path = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// A folder with the program's certificate in it, and that certificate's fingerprint.
  struct Identity {
    var folder: URL
    var fingerprint: Fingerprint
    var certificate: String { folder.appendingPathComponent("certificate.pem").path }
    var key: String { folder.appendingPathComponent("key.pem").path }

    /// - Parameter algorithm: `EC` or `RSA`.
    init(_ algorithm: String) throws {
      folder = FileManager.default.temporaryDirectory.appendingPathComponent("dtls-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      fingerprint = try #require(Fingerprint(.sha256, octets: [UInt8](repeating: 0, count: 32)))
      let option = algorithm == "EC" ? "ec_paramgen_curve:P-256" : "rsa_keygen_bits:2048"
      _ = try OpenSSLProgram.run([
        "req", "-x509", "-newkey", algorithm, "-pkeyopt", option, "-nodes", "-subj", "/CN=peer", "-keyout", key, "-out",
        certificate,
      ])
      let text = try OpenSSLProgram.run(["x509", "-in", certificate, "-noout", "-fingerprint", "-sha256"])
      let hash = text.split(separator: "=").last?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
      fingerprint = try #require(Fingerprint("sha-256 \(hash)"))
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
  }

  static func start(_ arguments: [String]) throws -> (process: Process, output: Pipe, input: Pipe) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.arguments = arguments
    let output = Pipe()
    let input = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = input
    try process.run()
    return (process, output, input)
  }

  /// Ends it if it still runs, and waits for its end: a process that nobody waits for keeps itself in memory. It may have
  /// been born with milder signals blocked.
  static func stop(_ process: Process) {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  static func run(_ arguments: [String]) throws -> String {
    let (process, output, input) = try start(arguments)
    try input.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
