/// Whether a member's voice and digits are kept from the others and from every recording, and by whom.
package enum MemberMask: Hashable, Sendable {
  case none
  /// By a key of its own, which also takes it off.
  case own
  /// By an agent or the control plane: its keys do nothing, for what it keys in may be a card number.
  case others
}
