import Application
import Primitives
import SIP
import Testing

/// What the shop has signed, and what a page only says, are kept apart on the whole way.
@Suite struct SignedContextTests {
  static let context = CallContext(
    id: "c-1", signed: ["order": "4711", "customer": "Juliana Weber"],
    unsigned: ["page": "https://shop.example/jeans", "order": "1", "cart": "3"], limit: 16)

  private func bench() async -> CallBench {
    await CallBench { settings in
      settings.widgets = ShopPage.settings()
      settings.dialsAnywhere = true
    }
  }

  @Test func whatIsSignedGoesBeforeWhatIsSaid() async throws {
    let bench = await bench()
    var page = ShopPage(bench: bench)
    page.headers = [
      ("X-Call-Order", "1"), ("X-Call-Page", "https%3A%2F%2Fshop.example%2Fjeans"), ("X-Call-Signed", "page,cart"),
      ("X_CALL_signed", "page"),
    ]
    let token = page.token { $0.context = ["order": "4711", "customer": "Juliana Weber"] }
    #expect(await page.call(token: token)?.status == 200)
    let call = try #require(await bench.calls.calls().first)
    #expect(call.context == ["order": "4711", "customer": "Juliana Weber", "page": "https://shop.example/jeans"])
    #expect(call.signed == ["customer", "order"])
    #expect(call.contextID == call.id)
    let event = try #require(await bench.drainEvents().first { $0.name == "call-attempt" })
    #expect(event.values["signed"] == "customer,order")
    #expect(event.values["context.order"] == "4711")
  }

  @Test func whoBringsNoTokenSignsNothing() async throws {
    let bench = await CallBench { $0.widgets = ShopPage.settings(tokens: false) }
    var page = ShopPage(bench: bench)
    page.headers = [("X-Call-Order", "4711"), ("X-Call-Signed", "order")]
    #expect(await page.call()?.status == 200)
    let call = try #require(await bench.calls.calls().first)
    #expect(call.context == ["order": "4711"])
    #expect(call.signed.isEmpty)
    #expect(await bench.drainEvents().allSatisfy { $0.values["signed"] == nil })
  }

  @Test func theCalledPhoneIsToldWhichIsWhich() async throws {
    let bench = await bench()
    let call = try await bench.calls.dial(
      DialRequest(uri: "sip:agent@203.0.113.9", room: "support", brought: Self.context))
    #expect(call.contextID == "c-1")
    let fields = try #require(bench.wire.requests(.invite).first).request.headers.fields
      .filter { $0.name.hasPrefix("X-Call-") }
    #expect(
      fields.map(\.name) == ["X-Call-Customer", "X-Call-Order", "X-Call-Cart", "X-Call-Page", "X-Call-Signed"])
    #expect(fields.last?.value == "customer,order")
    #expect(fields.first { $0.name == "X-Call-Order" }?.value == "4711")
  }

  @Test func nobodyWhoDialsCanSayThatSomethingIsSigned() async throws {
    let bench = await bench()
    for name in ["X-Call-Signed", "x-call-signed"] {
      await #expect(throws: ControlError.self) {
        _ = try await bench.calls.dial(
          DialRequest(uri: "sip:agent@203.0.113.9", room: "support", headers: [name: "order"]))
      }
    }
    _ = try await bench.calls.dial(
      DialRequest(
        uri: "sip:agent@203.0.113.9", room: "support", context: ["order": "4711", "signed": "order"]))
    let headers = try #require(bench.wire.requests(.invite).first).request.headers
    #expect(headers["X-Call-Order"] == "4711")
    #expect(!headers.has("X-Call-Signed"))
  }

  @Test func whatIsLearntLaterDoesNotTakeThePlaceOfWhatIsSigned() {
    let context = Self.context.adding(["order": "9", "cart": "5", "wish": "repair"])
    #expect(
      context.values == [
        "order": "4711", "customer": "Juliana Weber", "page": "https://shop.example/jeans", "cart": "5",
        "wish": "repair",
      ])
    #expect(context.signed == ["order", "customer"])
  }

  @Test func whatIsSignedHasTheFirstPlaces() {
    let unsigned = Dictionary(uniqueKeysWithValues: (0..<20).map { ("a\($0)", "v") })
    let context = CallContext(id: "", signed: ["z": "1"], unsigned: unsigned, limit: 16)
    #expect(context.values.count == 16)
    #expect(context.values["z"] == "1")
  }
}
