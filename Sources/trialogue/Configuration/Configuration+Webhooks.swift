import Application
import Primitives

extension Configuration {
  /// Who is told what happens.
  struct Webhooks: Sendable, Hashable {
    struct Hook: Sendable, Hashable {
      var name: String
      var url: WebhookAddress
      /// Nil: all but those that come many times a second.
      var events: [String]?
      var secret: Redacted<String>
    }
    /// Who may be asked by voice flows for their next steps, at this URL and below it.
    struct Source: Sendable, Hashable {
      var url: WebhookAddress
      var secret: Redacted<String>
    }
    var hooks: [Hook] = []
    var flows: [Source] = []
    /// The operator's own networks, which URLs may lead to beside the public ones.
    var networks: [IPNetwork] = []
    /// A PEM file of those who may vouch for receivers; nil: the machine's authorities.
    var authorities: String?
    var attempts = 8
    /// Seconds for one connection with its answer.
    var timeout = 10
  }

  /// Octets of a webhook's secret at the least: as many as its signature has (RFC 7518, section 3.2).
  private static let shortestSecret = 32

  mutating func readWebhooks(_ section: SectionReader) {
    webhooks.hooks = (section.sections("hooks") ?? []).compactMap(Configuration.readHook)
    var names: Set<String> = []
    if let twice = webhooks.hooks.map(\.name).first(where: { !names.insert($0).inserted }) {
      section.problem("hooks", "the name '\(twice)' stands here twice")
    }
    webhooks.flows = (section.sections("flows") ?? []).compactMap(Configuration.readSource)
    webhooks.networks = section.strings("networks", default: []).compactMap { text in
      if let network = IPNetwork(text) { return network }
      section.problem("networks", "'\(text)' is no network; write '10.0.0.0/8' or an address")
      return nil
    }
    webhooks.authorities = section.optionalString("authorities")
    webhooks.attempts = section.integer("attempts", default: webhooks.attempts, in: 1...20)
    webhooks.timeout = section.integer("timeout", default: webhooks.timeout, in: 1...60)
    section.finish()
  }

  private static func readHook(_ section: SectionReader) -> Webhooks.Hook? {
    let name = section.string("name", default: "")
    if !NamePattern.isPlainName(name) {
      section.problem("name", "is 1 to 64 letters, digits, '-', '_', '.' or '+'")
    }
    let address = readAddress(section)
    let events = section.strings("events", default: [])
    for event in events where !ServerEvent.names.contains(event) {
      section.problem("events", "unknown event '\(event)'\(EditDistance.hint(event, among: ServerEvent.names))")
    }
    let secret = readSecret(section)
    section.finish()
    return address.map {
      Webhooks.Hook(name: name, url: $0, events: events.isEmpty ? nil : events, secret: secret)
    }
  }

  private static func readSource(_ section: SectionReader) -> Webhooks.Source? {
    let address = readAddress(section)
    let secret = readSecret(section)
    section.finish()
    return address.map { Webhooks.Source(url: $0, secret: secret) }
  }

  private static func readAddress(_ section: SectionReader) -> WebhookAddress? {
    let address = WebhookAddress(section.string("url", default: ""))
    // The URL may hold a secret.
    if address == nil { section.problem("url", "is no URL; write https://host/path, without user and password") }
    return address
  }

  private static func readSecret(_ section: SectionReader) -> Redacted<String> {
    let secret = section.string("secret", default: "")
    if secret.utf8.count < shortestSecret {
      section.problem("secret", "has at least \(shortestSecret) characters; write it, or secret_file")
    }
    return Redacted(secret)
  }

  /// In the words of who sends them.
  var webhookList: [Webhook] {
    webhooks.hooks.map { hook in
      Webhook(
        name: hook.name, address: hook.url, events: hook.events.map { Set($0) }, secret: hook.secret,
        attempts: webhooks.attempts)
    }
  }
}
