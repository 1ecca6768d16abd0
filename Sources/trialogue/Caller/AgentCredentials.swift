import SIP

/// Who the callers are, for servers that ask.
struct AgentCredentials: Sendable {
  var username: String
  var secret: DigestSecret
}
