/// How a line of chat reaches a call's other end.
package enum ChatWay: Hashable, Sendable {
  /// It does not say that it takes MESSAGE, or took none.
  case none
  case inDialog
  /// Beside the dialog, to its Contact: JsSIP says in `Allow` that it takes MESSAGE, and answers 501 to one within a call.
  case outside
}
