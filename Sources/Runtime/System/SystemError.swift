/// A call to the kernel that failed: which one, and with what number.
package struct SystemError: Error, Hashable, Sendable {
  /// What was tried, in a word or two.
  package var operation: String
  /// The `errno`, positive.
  package var code: Int32

  package init(operation: String, code: Int32) {
    self.operation = operation
    self.code = code
  }
}
