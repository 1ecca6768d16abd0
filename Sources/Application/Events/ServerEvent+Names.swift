extension ServerEvent {
  /// Every name that an event may have, but for `gap`, which only a listener is told.
  package static let names = [
    "call-start", "call-end", "call-attempt", "conf-join", "conf-leave", "talker", "flow", "chat", "prompt",
    "recording",
    "supervision", "consult", "mask",
    "reg-new", "reg-del", "reg-expired", "auth-failed", "limit", "alert", "error",
  ]
}
