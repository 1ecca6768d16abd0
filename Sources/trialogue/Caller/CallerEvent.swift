/// What happens to the callers of a loop.
enum CallerEvent: Sendable {
  /// The call stands, so many nanoseconds after its INVITE went out.
  case answered(CallerID, after: Int64)
  /// A browser's media may flow, so many nanoseconds after its call stood.
  case secured(CallerID, after: Int64)
  case ended(CallerID, CallEnding)
  /// What was kept of a caller since it began, or since the last time it was taken.
  case taken(CallerID, [KeptPacket])
  case measured(LoadMeasure)
}
