extension ILBCFrame {
  /// Reads `mode` (RFC 3952, section 4.2): 30 ms unless it says 20.
  package init(fmtp: String) {
    let mode = fmtp.split(separator: ";").lazy
      .map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      .first { $0.hasPrefix("mode=") }
    self = mode == "mode=20" ? .twentyMilliseconds : .thirtyMilliseconds
  }

  /// The text of an `a=fmtp` after the payload type.
  package var fmtp: String {
    switch self {
    case .twentyMilliseconds: "mode=20"
    case .thirtyMilliseconds: "mode=30"
    }
  }
}
