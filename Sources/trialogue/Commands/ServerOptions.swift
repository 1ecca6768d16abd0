import ArgumentParser
import Foundation

/// Where the running server is, and how to print.
struct ServerOptions: ParsableArguments {
  @Option(help: "Address of the server's private listener.")
  var server = "http://127.0.0.1:9090"

  @Option(help: "Token of the REST interface; TRIALOGUE_TOKEN says the same.")
  var token: String?

  @Flag(help: "Print JSON for programs.")
  var json = false

  func client() throws -> APIClient {
    guard let url = URL(string: server), url.host != nil else {
      throw ValidationError("--server '\(server)' is no address; write http://127.0.0.1:9090")
    }
    return APIClient(server: url, token: token ?? ProcessInfo.processInfo.environment["TRIALOGUE_TOKEN"])
  }

  /// Prints what the server answered: its JSON, or the table that `table` makes of it.
  func show<Value: Decodable>(_ type: Value.Type, _ data: Data, _ table: (Value) -> String) throws {
    if json {
      print(String(decoding: data, as: UTF8.self))
    } else {
      print(table(try JSONDecoder().decode(type, from: data)))
    }
  }
}

/// Asks before something is lost; `--yes` answers.
struct Confirmation: ParsableArguments {
  @Flag(help: "Do not ask.")
  var yes = false

  func require(_ question: String) throws {
    if yes { return }
    print("\(question) [y/N] ", terminator: "")
    guard let answer = readLine()?.lowercased(), answer == "y" || answer == "yes" else {
      throw CleanExit.message("Nothing done.")
    }
  }
}
