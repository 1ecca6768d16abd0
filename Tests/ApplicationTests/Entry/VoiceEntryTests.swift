import Application
import Conference
import Primitives
import Testing

@Suite struct VoiceEntryTests {
  static let start = Instant.zero + .seconds(1)

  static func actions(_ entry: inout VoiceEntry) -> [VoiceEntry.Action] {
    var actions: [VoiceEntry.Action] = []
    while let action = entry.nextAction() { actions.append(action) }
    return actions
  }

  static func key(_ entry: inout VoiceEntry, _ digits: String, at now: Instant = start) {
    for character in digits { if let digit = DTMFDigit(character) { entry.digit(digit, at: now) } }
  }

  @Test func roomAndPINLeadIn() {
    var entry = VoiceEntry()
    #expect(Self.actions(&entry) == [.play(["welcome", "enter-room-number"])])
    Self.key(&entry, "3000#")
    #expect(Self.actions(&entry) == [.lookUp("3000")])
    entry.found(room: "3000", wantsPIN: true)
    #expect(Self.actions(&entry) == [.play(["enter-pin"])])
    Self.key(&entry, "12*1234#")
    #expect(Self.actions(&entry) == [.check(room: "3000", pin: "1234")])
    entry.accepted()
    #expect(Self.actions(&entry) == [.enter(room: "3000")])
    // Late keys change nothing.
    Self.key(&entry, "9#")
    #expect(Self.actions(&entry).isEmpty)
  }

  @Test func threeWrongPINsEndPolitely() {
    var entry = VoiceEntry(pinOf: "4000")
    #expect(Self.actions(&entry) == [.play(["enter-pin"])])
    for attempt in 1...3 {
      Self.key(&entry, "0000#")
      #expect(Self.actions(&entry) == [.check(room: "4000", pin: "0000")])
      entry.refused()
      #expect(
        Self.actions(&entry) == [.play(attempt < 3 ? ["invalid-pin", "enter-pin"] : ["invalid-pin", "goodbye"])])
    }
    entry.promptEnded(at: Self.start)
    #expect(Self.actions(&entry) == [.end])
  }

  @Test func threeWrongRoomsEndPolitely() {
    var entry = VoiceEntry()
    _ = Self.actions(&entry)
    for attempt in 1...3 {
      Self.key(&entry, "1#")
      #expect(Self.actions(&entry) == [.lookUp("1")])
      entry.notFound()
      let last = attempt < 3 ? "enter-room-number" : "goodbye"
      #expect(Self.actions(&entry) == [.play(["invalid-room", last])])
    }
  }

  @Test func aPauseCompletesTheNumber() {
    var entry = VoiceEntry()
    _ = Self.actions(&entry)
    Self.key(&entry, "3000")
    #expect(entry.deadline == Self.start + .seconds(4))
    entry.timeout(at: Self.start + .seconds(3))
    #expect(Self.actions(&entry).isEmpty)
    entry.timeout(at: Self.start + .seconds(4))
    #expect(Self.actions(&entry) == [.lookUp("3000")])
  }

  @Test func silenceCountsAsATry() {
    var entry = VoiceEntry()
    _ = Self.actions(&entry)
    var now = Self.start
    for attempt in 1...3 {
      entry.promptEnded(at: now)
      #expect(entry.deadline == now + .seconds(10))
      now = entry.deadline
      entry.timeout(at: now)
      #expect(Self.actions(&entry) == [.play([attempt < 3 ? "enter-room-number" : "goodbye"])])
    }
    entry.promptEnded(at: now)
    #expect(Self.actions(&entry) == [.end])
    #expect(entry.deadline == .distantFuture)
  }

  @Test func moreDigitsThanAnyNumberHasAreIgnored() {
    var entry = VoiceEntry()
    _ = Self.actions(&entry)
    Self.key(&entry, String(repeating: "7", count: 1_000) + "#")
    #expect(Self.actions(&entry) == [.lookUp(String(repeating: "7", count: 32))])
  }

  @Test func answersThatNobodyAskedForChangeNothing() {
    var entry = VoiceEntry()
    _ = Self.actions(&entry)
    entry.accepted()
    entry.refused()
    entry.notFound()
    entry.found(room: "3000", wantsPIN: false)
    #expect(Self.actions(&entry).isEmpty)
  }
}
