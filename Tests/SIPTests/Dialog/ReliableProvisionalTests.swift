import Primitives
import Testing

@testable import SIP

/// RFC 3262, in virtual time.
@Suite struct ReliableProvisionalTests {
  static let cSeq = CSeq(number: 10, method: .invite)

  static func machine() -> ReliableProvisional {
    var random = RandomSource.seeded(3)
    return ReliableProvisional(invite: cSeq, random: &random)
  }

  static func number(_ action: ReliableProvisional.Action?) throws -> UInt32 {
    guard case .send(let response) = action else { throw DialogTests.NoRequest() }
    return try #require(response.headers.rSeq)
  }

  @Test func isRepeatedWithDoublingIntervalsUntilThePRACKComes() throws {
    var machine = Self.machine()
    machine.send(SIPResponse(status: 183, to: try DialogTests.invite(), toTag: "t"), at: .zero)
    let first = machine.nextAction()
    let number = try Self.number(first)
    guard case .send(let response) = first else { return }
    #expect(response.headers.list("Require").contains("100rel"))
    var times: [Int64] = []
    while let deadline = machine.deadline, deadline < Instant.zero + .seconds(10) {
      machine.timeout(at: deadline)
      #expect(machine.nextAction() == first)
      times.append(deadline.nanoseconds / 1_000_000)
    }
    #expect(times == [500, 1_500, 3_500, 7_500])
    let now = Instant.zero + .seconds(10)
    #expect(machine.acknowledge(number: number &+ 1, cSeq: Self.cSeq, at: now) == false)
    #expect(machine.acknowledge(number: number, cSeq: CSeq(number: 11, method: .invite), at: now) == false)
    #expect(machine.acknowledge(number: number, cSeq: Self.cSeq, at: now) == true)
    #expect(machine.acknowledge(number: number, cSeq: Self.cSeq, at: now) == false)
    #expect(!machine.isWaiting)
    #expect(machine.deadline == nil)
  }

  @Test func theSecondWaitsForTheFirst() throws {
    var machine = Self.machine()
    let invite = try DialogTests.invite()
    machine.send(SIPResponse(status: 183, to: invite, toTag: "t"), at: .zero)
    machine.send(SIPResponse(status: 180, to: invite, toTag: "t"), at: .zero)
    let first = try Self.number(machine.nextAction())
    #expect(machine.nextAction() == nil)
    #expect(machine.acknowledge(number: first, cSeq: Self.cSeq, at: .zero) == true)
    #expect(try Self.number(machine.nextAction()) == first &+ 1)
  }

  @Test func isGivenUpAfter64T1() throws {
    var machine = Self.machine()
    machine.send(SIPResponse(status: 183, to: try DialogTests.invite(), toTag: "t"), at: .zero)
    machine.timeout(at: .zero + .seconds(32))
    _ = machine.nextAction()
    #expect(machine.nextAction() == .giveUp)
    #expect(machine.deadline == nil)
  }

  @Test func theReceiverAcknowledgesInOrderOnly() throws {
    var receiver = ReliableProvisionalReceiver()
    func response(_ rSeq: UInt32?) throws -> SIPResponse {
      var response = SIPResponse(status: 183, to: try DialogTests.invite(), toTag: "t")
      if let rSeq {
        response.headers.append("Require", "100rel")
        response.headers.append("RSeq", String(rSeq))
      }
      return response
    }
    #expect(receiver.receive(try response(nil)) == .unreliable)
    #expect(receiver.receive(try response(5)) == .acknowledge(rAck: "5 10 INVITE"))
    #expect(receiver.receive(try response(5)) == .ignored)
    #expect(receiver.receive(try response(7)) == .ignored)
    #expect(receiver.receive(try response(6)) == .acknowledge(rAck: "6 10 INVITE"))
  }
}
