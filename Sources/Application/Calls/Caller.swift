/// Who a request comes from, as far as it was proved.
struct Caller: Hashable, Sendable {
  /// Nil for guests.
  var user: String?
}
