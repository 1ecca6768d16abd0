/// Why a call is over.
enum CallEnding: Sendable, Hashable {
  /// We hung up.
  case ours
  /// The server hung up a call that stood.
  case theirs
  /// The server refused the call.
  case refused(status: Int, reason: String)
  /// No final answer came.
  case timeout
  /// The answer cannot be worked with.
  case unusable(String)
  /// The machine could not do it.
  case local(String)

  /// True if the call never stood.
  var isFailure: Bool {
    switch self {
    case .ours, .theirs: false
    case .refused, .timeout, .unusable, .local: true
    }
  }
}

extension CallEnding: CustomStringConvertible {
  var description: String {
    switch self {
    case .ours: "hung up"
    case .theirs: "hung up by the server"
    case .refused(let status, let reason): "\(status) \(reason)"
    case .timeout: "no answer"
    case .unusable(let what): what
    case .local(let what): what
    }
  }
}
