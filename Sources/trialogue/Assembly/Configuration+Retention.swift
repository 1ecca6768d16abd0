import Application

extension Configuration {
  /// How long recordings are kept, by the patterns of the rooms and for all others.
  var retention: RetentionPolicy {
    func days(_ number: Int) -> Int? { number == 0 ? nil : number }
    return RetentionPolicy(
      rules: rooms.map { room in
        RetentionPolicy.Rule(
          pattern: NamePattern(room.pattern),
          days: days(room.retentionDays == 0 ? recording.retentionDays : room.retentionDays))
      },
      days: days(recording.retentionDays))
  }
}
