import ArgumentParser

struct DrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain", abstract: "Refuse new calls and end when the last room is empty.")
  @OptionGroup var options: ServerOptions
  @OptionGroup var confirmation: Confirmation

  func run() async throws {
    try confirmation.require("Refuse new calls for good?")
    _ = try await options.client().call("POST", "drain")
    print("draining")
  }
}
