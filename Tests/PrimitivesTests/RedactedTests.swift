import Primitives
import Testing

/// What must stay secret does not come out by any way that prints values.
@Suite struct RedactedTests {
  private struct Account {
    var user = "alice"
    var password = Redacted("hunter2")
  }

  @Test func noWayOfPrintingShowsTheValue() {
    let secret = Redacted("hunter2")
    var dumped = ""
    dump(secret, to: &dumped)
    var dumpedAccount = ""
    dump(Account(), to: &dumpedAccount)
    let shown = [
      "\(secret)", String(describing: secret), String(reflecting: secret), "\([secret])", "\(["key": secret])",
      "\(Optional(secret) as Any)", "\((1, secret))", "\(Account())", String(reflecting: Account()), dumped,
      dumpedAccount,
    ]
    for text in shown {
      #expect(!text.contains("hunter2"), "\(text)")
      #expect(text.contains("‹redacted›"), "\(text)")
    }
    #expect(Mirror(reflecting: secret).children.isEmpty)
  }

  @Test func theOnePlaceThatNeedsItHasIt() {
    #expect(Redacted("1234").value == "1234")
    #expect(Redacted("1234") == Redacted("1234"))
    #expect(Redacted("1234") != Redacted("4321"))
    #expect(Set([Redacted(1), Redacted(1), Redacted(2)]).count == 2)
  }
}
