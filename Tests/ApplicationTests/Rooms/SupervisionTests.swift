import Conference
import Testing

@testable import Application

/// Listening in, whispers, consultations and masks, as the media plane and the control plane are told of them.
@Suite struct SupervisionTests {
  /// A room with a customer, an agent and a supervisor.
  private struct Call {
    let bench: ConsentTests.Bench
    let customer: Seat
    let agent: Seat
    let supervisor: Seat

    init(record: Bool = false) async throws {
      bench = try await ConsentTests.Bench(record: record)
      customer = try await bench.call("sip:customer@x", role: .customer)
      if record { try await bench.finish(.member(customer.leg), in: customer.room) }
      agent = try await bench.call("sip:agent@x", role: .agent)
      if record { try await bench.finish(.member(agent.leg), in: agent.room) }
      supervisor = try await bench.call("sip:supervisor@x", role: .supervisor)
      if record { try await bench.finish(.member(supervisor.leg), in: agent.room) }
      while await bench.directory.rooms[customer.room]?.inside.count != 3 { await Task.yield() }
    }

    /// What the media plane was told last of who hears a member.
    func voice(of seat: Seat) -> VoiceAudience? {
      bench.media.commands.reduce(nil) { found, command in
        if case .setVoice(seat.leg, let voice) = command.1 { voice } else { found }
      }
    }

    func isWithdrawn(_ seat: Seat) -> Bool {
      bench.media.commands.reduce(false) { found, command in
        if case .setWithdrawn(seat.leg, let isOn) = command.1 { isOn } else { found }
      }
    }

    func isMasked(_ seat: Seat) -> Bool {
      bench.media.commands.reduce(false) { found, command in
        if case .setMasked(seat.leg, let isOn) = command.1 { isOn } else { found }
      }
    }

    func name(_ seat: Seat) -> String { MemberIdentifier.text(seat.leg) }

    func member(_ seat: Seat) async throws -> MemberDescription {
      try #require(try await bench.directory.description(of: "3000").members.first { $0.id == name(seat) })
    }

    func keys(_ digits: String, by seat: Seat) async {
      for digit in digits.compactMap(DTMFDigit.init) { await bench.directory.digit(seat.leg, digit) }
    }
  }

  @Test func aSupervisorIsToldToBeSilentBeforeItComesIn() async throws {
    let call = try await Call()
    let commands = call.bench.media.commands.map(\.1)
    let silence = commands.firstIndex {
      if case .setVoice(call.supervisor.leg, .nobody) = $0 { true } else { false }
    }
    let admission = commands.firstIndex { if case .admit(call.supervisor.leg) = $0 { true } else { false } }
    #expect(try #require(silence) < #require(admission))
    #expect(try await call.member(call.supervisor).supervision == .listen)
    #expect(try await call.member(call.supervisor).heardBy == [])
    #expect(try await call.member(call.agent).heardBy == nil)
    #expect(call.voice(of: call.agent) == nil && call.voice(of: call.customer) == nil)
  }

  @Test func keysOfTheSupervisorChangeWhoHearsIt() async throws {
    let call = try await Call()
    await call.keys("*2", by: call.supervisor)
    #expect(call.voice(of: call.supervisor) == .members([call.agent.leg]))
    #expect(try await call.member(call.supervisor).heardBy == [call.name(call.agent)])
    await call.keys("*3", by: call.supervisor)
    #expect(call.voice(of: call.supervisor) == .everybody)
    #expect(try await call.member(call.supervisor).heardBy == nil)
    await call.keys("*1", by: call.supervisor)
    #expect(call.voice(of: call.supervisor) == .nobody)
    // The same keys of others are what they were.
    await call.keys("*2", by: call.agent)
    #expect(call.voice(of: call.agent) == nil)
  }

  @Test func aWhisperFollowsTheAgents() async throws {
    let call = try await Call()
    _ = try await call.bench.directory.supervise(call.name(call.supervisor), in: "3000", .whisper)
    let second = try await call.bench.call("sip:second@x", role: .agent)
    while await call.bench.directory.rooms[second.room]?.inside.count != 4 { await Task.yield() }
    #expect(call.voice(of: call.supervisor) == .members([call.agent.leg, second.leg]))
    await call.bench.directory.left(call.agent.leg, cause: "hangup")
    #expect(call.voice(of: call.supervisor) == .members([second.leg]))
    await call.bench.directory.left(second.leg, cause: "hangup")
    #expect(call.voice(of: call.supervisor) == .members([]))
    await #expect(throws: ControlError.self) {
      _ = try await call.bench.directory.supervise(call.name(call.supervisor), in: "3000", .whisper)
    }
  }

  @Test func aConsultationIsApartUntilItIsMergedOrAlone() async throws {
    let call = try await Call()
    let directory = call.bench.directory
    let request = ConsultRequest(members: [call.name(call.agent), call.name(call.supervisor)])
    let room = try await directory.consult(request, in: "3000")
    #expect(room.consult == request.members)
    #expect(call.voice(of: call.agent) == .members([call.supervisor.leg]))
    #expect(call.voice(of: call.supervisor) == .members([call.agent.leg]))
    #expect(call.isWithdrawn(call.agent) && call.isWithdrawn(call.supervisor) && !call.isWithdrawn(call.customer))
    #expect(try await call.member(call.customer).heardBy == [])
    #expect(try await call.member(call.agent).heardBy == [call.name(call.supervisor)])
    await #expect(throws: ControlError.self) { _ = try await directory.consult(request, in: "3000") }
    await #expect(throws: ControlError.self) {
      _ = try await directory.supervise(call.name(call.supervisor), in: "3000", .barge)
    }
    _ = try await directory.merge("3000")
    #expect(call.voice(of: call.agent) == .everybody && call.voice(of: call.supervisor) == .nobody)
    #expect(!call.isWithdrawn(call.agent) && !call.isWithdrawn(call.supervisor))
    _ = try await directory.consult(request, in: "3000")
    await directory.left(call.supervisor.leg, cause: "hangup")
    #expect(call.voice(of: call.agent) == .everybody && !call.isWithdrawn(call.agent))
    #expect(try await directory.description(of: "3000").consult == nil)
  }

  @Test(arguments: [[], ["a"], ["a", "a"], ["m1", "m2", "m3", "m4", "m5"], ["m1", "m99"]])
  func aConsultationNeedsMembers(members: [String]) async throws {
    let call = try await Call()
    await #expect(throws: ControlError.self) {
      _ = try await call.bench.directory.consult(ConsultRequest(members: members), in: "3000")
    }
    #expect(!call.isWithdrawn(call.agent))
  }

  @Test func theAgentsKeyMasksTheCustomerAndIsListed() async throws {
    let call = try await Call(record: true)
    await call.bench.directory.handle(.recordingStarted(try #require(call.bench.plan).id), in: call.agent.room)
    call.bench.time.advance(seconds: 2)
    await call.keys("#", by: call.agent)
    #expect(call.isMasked(call.customer) && !call.isMasked(call.agent) && !call.isMasked(call.supervisor))
    #expect(try await call.member(call.customer).heardBy == [])
    call.bench.time.advance(seconds: 3)
    await call.keys("#", by: call.agent)
    #expect(!call.isMasked(call.customer))
    #expect(try await call.bench.entry().masks == [RecordingMask(party: "sip:customer@x", from: 2, to: 5)])
  }

  @Test func keysUnderAMaskAreNoCommands() async throws {
    let call = try await Call()
    await call.keys("#", by: call.agent)
    await call.keys("14#8", by: call.customer)
    let masked = try await call.member(call.customer)
    #expect(!masked.muted && masked.listeningGain == 0 && masked.masked)
    await call.keys("#", by: call.agent)
    await call.keys("#14", by: call.customer)
    let own = try await call.member(call.customer)
    #expect(own.masked && !own.muted && own.listeningGain == 0)
    await call.keys("#1", by: call.customer)
    let free = try await call.member(call.customer)
    #expect(!free.masked && free.muted)
  }

  @Test func whoTakesAMembersPlaceIsMaskedAsItWas() async throws {
    let call = try await Call()
    await call.keys("#", by: call.agent)
    let again = try await call.bench.directory.seat(
      NewMember(
        call: "again", user: "3000", destination: .room("3000"), displayName: "c", uri: "sip:customer@x",
        replaces: call.customer.leg))
    await call.bench.directory.connected(again.leg)
    while await call.bench.directory.rooms[again.room]?.inside.count != 4 { await Task.yield() }
    let commands = call.bench.media.commands.map(\.1)
    let mask = commands.firstIndex { if case .setMasked(again.leg, true) = $0 { true } else { false } }
    let admission = commands.firstIndex { if case .admit(again.leg) = $0 { true } else { false } }
    #expect(try #require(mask) < #require(admission))
  }
}
