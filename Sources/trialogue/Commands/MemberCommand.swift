import ArgumentParser

struct MemberCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "member", abstract: "Change a member of a room.",
    subcommands: [Mute.self, Unmute.self, Hold.self, Resume.self, Kick.self, Move.self])

  /// The member that a verb is about.
  struct Target: ParsableArguments {
    @Argument var room: String
    @Argument(help: "As 'room show' prints it.") var member: String
    @OptionGroup var options: ServerOptions

    func change(_ values: [String: JSONValue]) async throws {
      _ = try await options.client().call("PATCH", "rooms/\(room)/members/\(member)", body: values)
    }
  }

  struct Mute: AsyncParsableCommand {
    @OptionGroup var target: Target
    func run() async throws { try await target.change(["muted": .boolean(true)]) }
  }

  struct Unmute: AsyncParsableCommand {
    @OptionGroup var target: Target
    func run() async throws { try await target.change(["muted": .boolean(false)]) }
  }

  struct Hold: AsyncParsableCommand {
    @OptionGroup var target: Target
    func run() async throws { try await target.change(["held": .boolean(true)]) }
  }

  struct Resume: AsyncParsableCommand {
    @OptionGroup var target: Target
    func run() async throws { try await target.change(["held": .boolean(false)]) }
  }

  struct Kick: AsyncParsableCommand {
    @OptionGroup var target: Target
    @OptionGroup var confirmation: Confirmation
    func run() async throws {
      try confirmation.require("End the call of \(target.member)?")
      _ = try await target.options.client().call("DELETE", "rooms/\(target.room)/members/\(target.member)")
    }
  }

  struct Move: AsyncParsableCommand {
    @OptionGroup var target: Target
    @Option(help: "The room to move to.") var to: String
    func run() async throws {
      _ = try await target.options.client().call(
        "POST", "rooms/\(target.room)/members/\(target.member)/move", body: ["room": .text(to)])
    }
  }
}
