import Application
import ArgumentParser

struct RecordingsList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Search recordings.", discussion: "Everything that is given must hold.")

  @Option var room: String?
  @Option(help: "Began at this time or later, as 2026-01-31T12:00:00Z.") var from: String?
  @Option(help: "Began before this time.") var to: String?
  @Option(help: "A party's number ends with these digits.") var number: String?
  @Option(help: "The user part of a party's address, or the agent of the customer context.") var agent: String?
  @Option(help: "The order of the customer context.") var order: String?
  @Option(help: "The customer of the customer context.") var customer: String?
  @Option(help: "Anything in the customer context, 'key=value'; 'key' alone: that it is there.") var context: String?
  @Option var tag: String?
  @Option(help: "Seconds.") var minimum: Double?
  @Option(help: "Seconds.") var maximum: Double?
  @Option(help: "Beginnings of words in room, parties, customer context or tags.") var text: String?
  @Option(help: "-started, started, -duration or duration.") var sort: String?
  @Option(help: "How many, up to 200; 50 if not said.") var limit: Int?
  @Option(help: "Where the page before ended.") var cursor: String?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let data = try await options.client().call("GET", "recordings" + query)
    try options.show(Page<RecordingDescription>.self, data) { page in
      let table = TextTable(
        header: ["RECORDING", "STARTED", "ROOM", "SECONDS", "STATE", "PARTIES", "TAGS"],
        rows: page.items.map {
          [
            $0.id, $0.started, $0.room, "\(Double(Int(min($0.duration, 1e9) * 10)) / 10)", $0.state.rawValue,
            $0.parties.prefix(3).joined(separator: " "),
            ($0.tags + ($0.legalHold ? ["(held)"] : [])).joined(separator: ", "),
          ]
        }
      ).text
      return page.next.map { "\(table)\nmore: --cursor \($0)" } ?? table
    }
  }

  private var query: String {
    var query = QueryText()
    query.add("room", room)
    query.add("from", from)
    query.add("to", to)
    query.add("number", number)
    query.add("agent", agent)
    query.add("order", order)
    query.add("customer", customer)
    if let context {
      let at = context.firstIndex(of: "=")
      query.add("contextKey", context[..<(at ?? context.endIndex)])
      query.add("contextValue", at.map { context[context.index(after: $0)...] })
    }
    query.add("tag", tag)
    query.add("minimumDuration", minimum)
    query.add("maximumDuration", maximum)
    query.add("text", text)
    query.add("sort", sort)
    query.add("limit", limit)
    query.add("cursor", cursor)
    return query.text
  }
}
