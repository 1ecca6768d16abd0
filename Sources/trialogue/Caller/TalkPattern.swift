import Primitives

/// Who speaks in the rooms of a load test.
enum TalkPattern: Sendable, Hashable {
  case everyone
  case conversation
  /// The first so many of each room, without end.
  case first(Int)

  init?(_ text: String) {
    switch text {
    case "all": self = .everyone
    case "conv": self = .conversation
    default:
      guard let count = Int(text), (0...1_000_000).contains(count) else { return nil }
      self = .first(count)
    }
  }

  /// What member `index` of a room does.
  func talk(member index: Int, random: inout RandomSource) -> Talk {
    switch self {
    case .everyone: .always
    case .conversation: .conversation(random: &random)
    case .first(let count): index < count ? .always : .never
    }
  }
}

extension TalkPattern: CustomStringConvertible {
  var description: String {
    switch self {
    case .everyone: "all"
    case .conversation: "conv"
    case .first(let count): "\(count)"
    }
  }
}
