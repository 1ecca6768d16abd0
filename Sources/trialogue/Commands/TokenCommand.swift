import Application
import ArgumentParser
import Foundation
import Primitives

struct TokenCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Make and check tokens of the Call Me button, for tests of a shop's back end.",
    subcommands: [TokenMintCommand.self, TokenCheckCommand.self])
}

struct TokenMintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mint", abstract: "Make a token as a shop's back end does, and print it.")
  @Option(help: "The widget that may be called.") var widget: String
  @Option(help: "Of the page, as browsers write it: https://shop.example.") var origin: String
  @Option(name: .customLong("context"), help: "What the shop vouches for, 'key=value'; repeatable.")
  var context: [String] = []
  @Option(help: "A file with the secret of HS256.") var secretFile: String?
  @Option(help: "A PEM file with the private key of ES256.") var privateKeyFile: String?
  @Option(name: .customLong("id"), help: "The key's id, for 'kid'.") var keyID: String?
  @Option(help: "Seconds that it is valid.") var lifetime = 300
  @Option(help: "For 'iss'.") var issuer: String?
  @Option(help: "For 'aud'.") var audience: String?
  @Flag(help: "Good for one call only: with a 'jti'.") var once = false

  func validate() throws {
    guard (secretFile == nil) != (privateKeyFile == nil) else {
      throw ValidationError("one of --secret-file and --private-key-file is wanted")
    }
    guard (1...86_400).contains(lifetime) else { throw ValidationError("--lifetime is 1 to 86400 seconds") }
    if let text = context.first(where: { !$0.dropFirst().contains("=") }) {
      throw ValidationError("--context '\(text)' has no '=' between name and value")
    }
  }

  func run() throws {
    let now = SystemTime().unixTime
    var random = RandomSource.system
    var values: [String: String] = [:]
    for text in context {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else { continue }
      values[parts[0]] = parts[1]
    }
    let token = CallToken(
      widget: widget, origin: origin.lowercased(), id: once ? random.token(16) : nil, expires: now + Int64(lifetime),
      context: values)
    var more: [String: String] = [:]
    more["iss"] = issuer
    more["aud"] = audience
    print(try mint().mint(token, issued: now, more: more))
  }

  private func mint() throws -> TokenMint {
    let path = secretFile ?? privateKeyFile ?? ""
    guard let text = Environment.process.read(path) else {
      throw ValidationError("the file '\(path)' cannot be read; check its path and permissions")
    }
    if secretFile != nil { return TokenMint(secret: Redacted(text), id: keyID) }
    guard let mint = TokenMint(privateKey: Redacted(text), id: keyID) else {
      throw ValidationError("'\(path)' is no private key of P-256 in PEM")
    }
    return mint
  }
}

struct TokenCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say what the server of a configuration would make of a token.")
  @Argument(help: "The token.") var token: String
  @Option(help: "The server's YAML file.") var config: String

  func run() throws {
    guard let verifier = try ConfigurationFile.read(config).widgetSettings.verifier else {
      ConfigurationFile.complain("\(config): web.tokens has no keys: no tokens are taken")
      throw ExitCode(1)
    }
    do throws(TokenRefusal) {
      let token = try verifier.verify(token, at: SystemTime().unixTime)
      let rows =
        [("widget", token.widget), ("origin", token.origin), ("expires", "\(token.expires)")]
        + token.context.sorted { $0.key < $1.key }.map { ("context.\($0.key)", $0.value) }
      for (name, value) in rows { print("\(name): \(Printable.text(value))") }
    } catch {
      ConfigurationFile.complain("\(error)")
      throw ExitCode(1)
    }
  }
}
