/// Why there are no pages: one sentence.
package struct PageProblem: Error, CustomStringConvertible {
  package var description: String
  init(_ description: String) { self.description = description }
}
