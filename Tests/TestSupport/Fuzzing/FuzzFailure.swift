/// A promise that did not hold for one input. The fuzzer knows which input it was.
package struct FuzzFailure: Error, Sendable, CustomStringConvertible {
  /// The same for every input that breaks it.
  package var promise: String
  /// What was seen this time.
  package var detail: String

  package init(_ promise: String, _ detail: String = "") {
    self.promise = promise
    self.detail = detail
  }

  package var description: String { detail.isEmpty ? promise : "\(promise): \(detail)" }

  /// - Throws: a failure unless the condition holds.
  package static func unless(
    _ condition: Bool, _ promise: String, _ detail: @autoclosure () -> String = ""
  ) throws(FuzzFailure) {
    if !condition { throw FuzzFailure(promise, detail()) }
  }
}
