/// A video codec that this end forwards, as SDP names it. The clock is 90 kHz for all of them.
package struct VideoCapability: Hashable, Sendable {
  package static let clockRate = 90_000

  package var encodingName: String
  /// A parameter of `a=fmtp` that a format must have with this value, or, if `isUsual`, not have at all.
  package var parameter: Parameter?

  package struct Parameter: Hashable, Sendable {
    package var name: String
    package var value: String
    /// What is meant where the parameter is left out.
    package var isUsual: Bool

    package init(_ name: String, _ value: String, isUsual: Bool) {
      self.name = name
      self.value = value
      self.isUsual = isUsual
    }
  }

  package init(encodingName: String, parameter: Parameter? = nil) {
    self.encodingName = encodingName
    self.parameter = parameter
  }

  /// Whether a format with these parameters is the one that is meant.
  func fits(_ parameters: FormatParameters) -> Bool {
    guard let parameter else { return true }
    return parameters.value(of: parameter.name).map { $0 == parameter.value } ?? parameter.isUsual
  }
}
