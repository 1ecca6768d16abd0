import Application
import HTTPTypes
import Hummingbird
import Logging
import TestSupport
import Testing
import Yams

@testable import WebFront

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `docs/openapi.yaml` says what the code does, no more and no less.
@Suite struct ContractTests {
  let contract: Node

  init() throws {
    let text = try String(contentsOfFile: "\(Vectors.packageRoot)/docs/openapi.yaml", encoding: .utf8)
    contract = try #require(try Yams.compose(yaml: text))
  }

  /// `GET /rooms/{room}` → the operation.
  private var operations: [String: Node] {
    var found: [String: Node] = [:]
    for (path, item) in contract["paths"]?.mapping ?? [:] {
      for (method, operation) in item.mapping ?? [:] where method.string != "parameters" {
        found["\((method.string ?? "").uppercased()) \(path.string ?? "")"] = operation
      }
    }
    return found
  }

  private func statuses(_ operation: Node) -> Set<String> {
    Set((operation["responses"]?.mapping ?? [:]).compactMap(\.key.string))
  }

  /// A node, or what it refers to.
  private func resolve(_ node: Node?) -> Node? {
    guard let reference = node?["$ref"]?.string else { return node }
    return reference.split(separator: "/").dropFirst().reduce(Optional(contract)) { $0?[String($1)] }
  }

  @Test func everyRouteStandsInItAndNothingElse() {
    let router = Router()
    Routes(
      control: FakeControl(), access: Access(), contract: "",
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ).addEndpoints(to: router)
    let served = router.routes.compactMap { route -> String? in
      let path = route.path.description.split(separator: "/").map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : $0 }
      guard path.prefix(2) == ["api", "v1"] else { return nil }
      return "\(route.method.rawValue) /" + path.dropFirst(2).joined(separator: "/")
    }
    #expect(Set(served) == Set(operations.keys))
    #expect(served.count == operations.count)
    // The tests ask at every one of them.
    #expect(Set(Endpoint.all.map { "\($0.method.rawValue) /\($0.template)" }) == Set(operations.keys))
  }

  @Test func everyStatusStandsInIt() {
    for endpoint in Endpoint.all {
      guard let operation = operations["\(endpoint.method.rawValue) /\(endpoint.template)"] else { continue }
      let statuses = statuses(operation)
      #expect(statuses.contains("\(endpoint.status)"), "\(endpoint)")
      #expect(statuses.isSuperset(of: ["401", "403"]), "\(endpoint): anybody may be refused")
      if endpoint.template.contains("{") { #expect(statuses.contains("404"), "\(endpoint)") }
      if operation["requestBody"] != nil {
        #expect(statuses.isSuperset(of: ["400", "413", "415"]), "\(endpoint)")
      } else {
        #expect(statuses.isDisjoint(with: ["413", "415"]), "\(endpoint)")
      }
    }
  }

  @Test func everyRefusalIsAProblem() {
    for (name, operation) in operations {
      for (status, response) in operation["responses"]?.mapping ?? [:]
      where (status.string ?? "").hasPrefix("4") || (status.string ?? "").hasPrefix("5") {
        // A range that names nothing has no body.
        if status.string == "416" { continue }
        let schema = resolve(response)?["content"]?["application/problem+json"]?["schema"]?["$ref"]?.string
        #expect(schema == "#/components/schemas/Problem", "\(name) \(status.string ?? "")")
      }
    }
  }

  @Test func referencesLeadSomewhere() {
    func visit(_ node: Node) {
      if let reference = node["$ref"]?.string { #expect(resolve(node) != nil, "\(reference)") }
      for (_, value) in node.mapping ?? [:] { visit(value) }
      for value in node.sequence ?? [] { visit(value) }
    }
    visit(contract)
  }

  @Test func operationsHaveNamesOfTheirOwn() {
    let names = operations.values.compactMap { $0["operationId"]?.string }
    #expect(names.count == operations.count && Set(names).count == names.count)
    #expect(operations.values.allSatisfy { $0["summary"]?.string?.isEmpty == false })
  }

  /// What is shown has the members that its schema says: all of them, and those that are required always.
  @Test func schemasFitWhatIsShown() throws {
    func check(_ name: String, full: some Encodable, bare: some Encodable) throws {
      let schema = try #require(contract["components"]?["schemas"]?[name])
      try compare(try tree(full), with: schema, at: name, isFull: true)
      try compare(try tree(bare), with: schema, at: name, isFull: false)
    }
    let room = RoomDescription(name: "1", created: "", locked: false, sampleRate: 8_000, members: [])
    let call = CallDescription(
      id: "", direction: .incoming, state: .trying, from: "", to: "", started: "", context: CallContext())
    let widget = WidgetDescription(name: "", destination: "", origins: [], needsToken: false, calls: 0, maximumCalls: 1)
    let recording = RecordingDescription(
      id: "", room: "", state: .recording, started: "", duration: 0, files: [], parties: [], pauses: [], context: [:])
    try check("Room", full: Samples.room, bare: room)
    var member = Samples.member
    (member.supervision, member.heardBy, member.level) = (nil, nil, nil)
    try check("Member", full: Samples.member, bare: member)
    try check("Call", full: Samples.call, bare: call)
    try check("Context", full: Samples.context, bare: Samples.context)
    try check("Relays", full: Samples.relays, bare: Samples.relays)
    try check("Widget", full: Samples.widget, bare: widget)
    try check("Prompt", full: Samples.prompt, bare: Samples.prompt)
    try check("Play", full: Samples.play, bare: Samples.play)
    try check("Recording", full: Samples.recording, bare: recording)
    try check("RecordingAccess", full: Samples.access, bare: Samples.access)
    let ticket = RecordingTicket(ticket: "00", lifetime: 1)
    try check("RecordingTicket", full: ticket, bare: ticket)
    try check("Verification", full: Samples.verification, bare: ArchiveVerification(state: .none))
    let bareFinding = ArchiveFinding(.indexDiffers, "x")
    try check("Finding", full: Samples.verification.findings[0], bare: bareFinding)
    let marker = Samples.recording.markers[0]
    try check("RecordingMarker", full: marker, bare: RecordingMarker(.key, at: 0))
    try check("ServerStatus", full: Samples.status, bare: Samples.status)
    try check("ServerEvent", full: Samples.events[0], bare: Samples.events[0])
    let delivery = WebhookDeliveryDescription(
      id: "", event: 1, name: "", state: .sending, attempts: 1, started: "", changed: "")
    try check("Webhook", full: Samples.webhook, bare: Samples.webhook)
    try check("WebhookDelivery", full: Samples.delivery, bare: delivery)
    try check(
      "Problem", full: Problem(ControlError(.invalid, "x", field: "y")), bare: Problem(ControlError(.invalid, "x")))
  }

  private func tree(_ value: some Encodable) throws -> Node {
    // JSON is YAML.
    try #require(try Yams.compose(yaml: String(decoding: try JSONEncoder().encode(value), as: UTF8.self)))
  }

  private func compare(_ value: Node, with schema: Node, at place: String, isFull: Bool) throws {
    let schema = try #require(resolve(schema), "\(place) has no schema")
    switch schema["type"]?.string {
    case "object":
      let members = try #require(value.mapping, "\(place) is no object")
      let names = Set(members.compactMap(\.key.string))
      guard let properties = schema["properties"]?.mapping else { return }
      let known = Set(properties.compactMap(\.key.string))
      let required = Set((schema["required"]?.sequence ?? []).compactMap(\.string))
      if isFull { #expect(names == known, "\(place)") } else { #expect(names == required, "\(place)") }
      for (name, member) in members {
        guard let property = properties[name] else { continue }
        try compare(member, with: property, at: "\(place).\(name.string ?? "")", isFull: isFull)
      }
    case "array":
      let items = try #require(value.sequence, "\(place) is no array")
      let schema = try #require(schema["items"], "\(place) has no items")
      for item in items { try compare(item, with: schema, at: "\(place)[]", isFull: isFull) }
    case "string":
      #expect(value.scalar != nil, "\(place)")
      if let words = schema["enum"]?.sequence { #expect(words.contains { $0.string == value.string }, "\(place)") }
    case "integer": #expect(value.int != nil, "\(place)")
    case "number": #expect(value.float != nil, "\(place)")
    case "boolean": #expect(value.bool != nil, "\(place)")
    case let other: Issue.record("\(place): unknown type \(other ?? "none")")
    }
  }

  /// The members that a request may have are those of its schema.
  @Test func bodiesHaveTheMembersThatTheCodeKnows() async throws {
    for endpoint in Endpoint.all {
      guard let operation = operations["\(endpoint.method.rawValue) /\(endpoint.template)"],
        let schema = resolve(operation["requestBody"]?["content"]?["application/json"]?["schema"])
      else { continue }
      #expect(schema["additionalProperties"]?.bool == false, "\(endpoint)")
      let answer = try await Door().ask(endpoint.method, "/api/v1/\(endpoint.path)", body: #"{"??": 1}"#)
      let known = answer.problem?.detail.split(separator: ": ").last?.split(separator: ", ").map(String.init) ?? []
      #expect(Set(known) == Set((schema["properties"]?.mapping ?? [:]).compactMap(\.key.string)), "\(endpoint)")
    }
  }

  @Test func theQueryOfRecordingsHasTheParametersThatTheCodeKnows() async throws {
    let parameters = operations["GET /recordings"]?["parameters"]?.sequence ?? []
    let answer = try await Door().ask(.get, "/api/v1/recordings?x=1")
    let known = answer.problem?.detail.split(separator: ": ").last?.split(separator: ", ").map(String.init) ?? []
    #expect(Set(known) == Set(parameters.compactMap { $0["name"]?.string }))
  }
}
