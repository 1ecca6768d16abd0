import Application
import Storage
import Testing

/// What recordings are found by, and in which order.
@Suite struct RecordingSearchTests {
  private func filled() async throws -> RecordingIndex {
    let index = try Samples.index()
    var tagged = Samples.recording(
      "jeans", room: "support", minute: 10, duration: 65,
      parties: ["sip:+4930123456@gateway.example;user=phone", "sips:Bea@example.com"],
      context: ["order": "4711", "customer": "Juliana Müller", "agent": "bea"])
    tagged.tags = ["complaint", "Follow up"]
    try await index.save(tagged, directory: "d")
    try await index.save(
      Samples.recording(
        "shirt", room: "support", minute: 20, duration: 5, parties: ["sip:0301234@x", "sip:carl@example.com"],
        context: ["order": "4712", "agent": "Carl", "shop": ""]), directory: "d")
    try await index.save(Samples.recording("plain", minute: 30, duration: 600.5), directory: "d")
    return index
  }

  private func found(_ query: RecordingQuery) async throws -> [String] {
    try await filled().recordings(query).items.map(\.id)
  }

  @Test func roomAndTime() async throws {
    #expect(try await found(RecordingQuery(room: "support")) == ["shirt", "jeans"])
    #expect(try await found(RecordingQuery(from: "2026-01-01T00:20:00.000Z")) == ["plain", "shirt"])
    #expect(try await found(RecordingQuery(to: "2026-01-01T00:20:00.000Z")) == ["jeans"])
    #expect(
      try await found(RecordingQuery(from: "2026-01-01T00:10:00.001Z", to: "2026-01-01T00:30:00.000Z")) == ["shirt"])
    #expect(try await found(RecordingQuery(from: "2026-01-02T00:00:00.000Z", to: "2026-01-01T00:00:00.000Z")) == [])
  }

  @Test func anyKeyOfTheCustomerContext() async throws {
    #expect(try await found(RecordingQuery(contextKey: "order", contextValue: "4711")) == ["jeans"])
    #expect(try await found(RecordingQuery(contextKey: "order")) == ["shirt", "jeans"])
    #expect(try await found(RecordingQuery(contextKey: "shop", contextValue: "")) == ["shirt"])
    #expect(try await found(RecordingQuery(context: ["order": "4711", "agent": "bea"])) == ["jeans"])
    #expect(try await found(RecordingQuery(context: ["order": "4711", "agent": "carl"])) == [])
    #expect(
      try await found(RecordingQuery(contextKey: "order", contextValue: "1", context: ["order": "4711"])) == [])
  }

  @Test func aNumberByItsEnd() async throws {
    for number in ["123456", "+49 30 123456", "(030) 123-456".replacing("(0", with: ""), "4930123456"] {
      #expect(try await found(RecordingQuery(number: number)) == ["jeans"], "\(number)")
    }
    #expect(try await found(RecordingQuery(number: "0301234")) == ["shirt"])
    #expect(try await found(RecordingQuery(number: "1234")) == ["shirt"], "a part in the middle is no end")
    #expect(try await found(RecordingQuery(number: "none")) == [])
  }

  @Test func anAgentByAddressOrContext() async throws {
    #expect(try await found(RecordingQuery(agent: "BEA")) == ["jeans"])
    #expect(try await found(RecordingQuery(agent: "carl")) == ["shirt"])
    #expect(try await found(RecordingQuery(agent: "a")) == ["plain"])
    #expect(try await found(RecordingQuery(agent: "be")) == [])
  }

  @Test func tagsAndLength() async throws {
    #expect(try await found(RecordingQuery(tag: "Follow up")) == ["jeans"])
    #expect(try await found(RecordingQuery(tag: "Follow")) == [])
    #expect(try await found(RecordingQuery(minimumDuration: 65)) == ["plain", "jeans"])
    #expect(try await found(RecordingQuery(minimumDuration: 6, maximumDuration: 65)) == ["jeans"])
  }

  @Test func beginningsOfWordsInWhateverIsKnown() async throws {
    for text in ["juliana", "JULI mull", "müller", "4711", "complaint", "bea@example", "support follow", "471 bea"] {
      #expect(try await found(RecordingQuery(text: text)) == ["jeans"], "\(text)")
    }
    #expect(try await found(RecordingQuery(text: "471")) == ["shirt", "jeans"])
    #expect(try await found(RecordingQuery(text: "uliana")) == [])
    #expect(try await found(RecordingQuery(text: "juliana carl")) == [])
    for nothing in ["", " ", "\"", "***", "-", "( )", "\u{0}"] {
      #expect(try await found(RecordingQuery(text: nothing)) == [], "\(nothing)")
    }
  }

  @Test func everythingTogether() async throws {
    let query = RecordingQuery(
      room: "support", from: "2026-01-01T00:00:00.000Z", to: "2026-01-02T00:00:00.000Z", contextKey: "customer",
      context: ["order": "4711"], number: "123456", agent: "bea", tag: "complaint", minimumDuration: 60,
      maximumDuration: 70, text: "juliana")
    #expect(try await found(query) == ["jeans"])
  }

  @Test func theOrderIsChosenFromAList() async throws {
    #expect(try await found(RecordingQuery(order: .newest)) == ["plain", "shirt", "jeans"])
    #expect(try await found(RecordingQuery(order: .oldest)) == ["jeans", "shirt", "plain"])
    #expect(try await found(RecordingQuery(order: .longest)) == ["plain", "jeans", "shirt"])
    #expect(try await found(RecordingQuery(text: "example", order: .shortest)) == ["shirt", "jeans", "plain"])
  }

  @Test func textFromCallersIsOnlyEverAValue() async throws {
    let index = try Samples.index()
    for (number, evil) in ["'; DROP TABLE recording; --", "\" OR 1=1 --", "words MATCH 'x'", "a\u{0}b", "%"]
      .enumerated()
    {
      var entry = Samples.recording("r\(number)", room: evil, parties: ["sip:\(evil)@x"], context: ["order": evil])
      entry.tags = [evil]
      try await index.save(entry, directory: "d")
      let query = RecordingQuery(
        room: evil, contextKey: "order", contextValue: evil, agent: "\(evil)", tag: evil, text: evil)
      let page = try await index.recordings(RecordingQuery(room: evil, context: ["order": evil], tag: evil))
      #expect(page.items.map(\.id) == ["r\(number)"], "\(evil)")
      _ = try await index.recordings(query)
    }
    #expect(try await index.recordings(RecordingQuery()).items.count == 5)
  }

  /// Whether the index leads by a condition or walks the list, and whatever it sorts by.
  @Test(
    arguments: [
      (.newest, 1_900), (.newest, 2_100), (.oldest, 2_100), (.longest, 1_900), (.shortest, 2_100),
    ] as [(RecordingOrder, Int)])
  func pagesFollowEachOtherWithoutGapOrRepeat(_ order: RecordingOrder, _ count: Int) async throws {
    let index = try Samples.index()
    try await index.save(
      (0..<count).map { number in
        StoredRecording(
          recording: Samples.recording(
            "r\(number)", room: "\(number % 3)", minute: number % 977, duration: Double(number % 11),
            context: ["shop": "jeans", "order": "\(number % 7)"]),
          directory: "d")
      })
    for query in [
      RecordingQuery(order: order), RecordingQuery(context: ["shop": "jeans"], order: order),
      RecordingQuery(text: "jea", order: order), RecordingQuery(room: "1", text: "jeans exam", order: order),
      RecordingQuery(contextKey: "shop", context: ["order": "3"], order: order),
    ] {
      var query = query
      query.limit = 200
      var seen: [RecordingDescription] = []
      repeat {
        let page = try await index.recordings(query)
        seen += page.items
        query.cursor = try page.next.map { try #require(RecordingCursor($0)) }
      } while query.cursor != nil
      let wanted = (0..<count).count {
        (query.room == nil || $0 % 3 == 1) && (query.context["order"] == nil || $0 % 7 == 3)
      }
      #expect(seen.count == wanted && Set(seen.map(\.id)).count == wanted, "\(query)")
      switch order {
      case .newest: #expect(seen.map(\.started) == seen.map(\.started).sorted(by: >))
      case .oldest: #expect(seen.map(\.started) == seen.map(\.started).sorted())
      case .longest: #expect(seen.map(\.duration) == seen.map(\.duration).sorted(by: >))
      case .shortest: #expect(seen.map(\.duration) == seen.map(\.duration).sorted())
      }
    }
  }
}
