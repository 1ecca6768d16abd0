import Foundation

/// `docs/openapi.yaml`, found beside the program's working directory or where it was installed.
enum ContractFile {
  static var text: String {
    for path in ["docs/openapi.yaml", "/usr/share/trialogue/openapi.yaml"] {
      if let data = FileManager.default.contents(atPath: path) { return String(decoding: data, as: UTF8.self) }
    }
    return "openapi: 3.1.0\ninfo: {title: Trialogue, version: \(ServerInstance.version)}\npaths: {}\n"
  }
}
