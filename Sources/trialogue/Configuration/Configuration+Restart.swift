extension Configuration {
  /// The sections that differ in something that a running server cannot change.
  func restartKeys(comparedTo fresh: Configuration) -> [String] {
    var keys: [String] = []
    if listen != fresh.listen { keys.append("listen") }
    if server.publicAddress != fresh.server.publicAddress { keys.append("server.public_address") }
    if tls.verify != fresh.tls.verify || tls.authorities != fresh.tls.authorities { keys.append("tls") }
    if web.directory != fresh.web.directory { keys.append("web.directory") }
    var recording = recording
    recording.retentionDays = fresh.recording.retentionDays
    if recording != fresh.recording { keys.append("recording") }
    if api != fresh.api { keys.append("api") }
    if webhooks != fresh.webhooks { keys.append("webhooks") }
    return keys
  }
}
