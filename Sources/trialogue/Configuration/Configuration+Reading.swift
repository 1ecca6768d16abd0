import Primitives
import Runtime
import SIP

extension Configuration {
  /// Reads YAML strictly. Everything that is wrong is in the failure, with file, line, key and a next step.
  static func read(_ text: String, file: String, environment: Environment) throws(ConfigurationFailure) -> Configuration
  {
    let report = ProblemList(file: file, environment: environment)
    let root = SectionReader(ConfigurationText.compose(text, report: report), path: "", report: report)
    var configuration = Configuration()
    configuration.readServer(root.section("server"))
    configuration.readListen(root.section("listen"))
    configuration.readTLS(root.section("tls"))
    if let rooms = root.sections("rooms") {
      configuration.rooms = rooms.map(Configuration.readRoom)
      // The demo's leads to a room of the demo.
      configuration.web.widgets = []
    }
    configuration.hours = HoursReader.readAll(root.section("hours"))
    configuration.readPrompts(root.section("prompts"))
    configuration.readRecording(root.section("recording"))
    configuration.readCodecs(root.section("codecs"))
    configuration.trunks = (root.sections("trunks") ?? []).compactMap(Configuration.readTrunk)
    configuration.flows = Configuration.readFlows(root.sections("flows") ?? [], report: report)
    configuration.routes = (root.sections("routes") ?? []).map(Configuration.readRoute)
    configuration.readRegistrar(root.section("registrar"))
    configuration.readWeb(root.section("web"))
    configuration.readTURN(root.section("turn"))
    configuration.readAPI(root.section("api"))
    configuration.readWebhooks(root.section("webhooks"))
    configuration.readLimits(root.section("limits"))
    root.finish()
    configuration.findClashes { root.problem($0, $1) }
    guard report.problems.isEmpty else { throw ConfigurationFailure(problems: report.problems) }
    return configuration
  }

  private mutating func readServer(_ section: SectionReader) {
    server.domain = section.string("domain", default: server.domain)
    if let text = section.optionalString("public_address") {
      server.publicAddress = IPAddress(text)
      if server.publicAddress == nil { section.problem("public_address", "'\(text)' is no IP address") }
    }
    section.finish()
  }

  private mutating func readListen(_ section: SectionReader) {
    let lines = section.strings("sip", default: listen.sip.map { "\($0.transport.rawValue) \($0.address)" })
    listen.sip = lines.compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 2, let transport = SIPTransport(rawValue: words[0].uppercased()),
        [.udp, .tcp, .tls].contains(transport), let address = TransportAddress(words[1])
      else {
        section.problem("sip", "'\(line)' is no listener; write 'udp 0.0.0.0:5060' or 'tcp [::]:5060'")
        return nil
      }
      return Listen.SIP(transport: transport, address: address)
    }
    if Set(listen.sip).count < listen.sip.count { section.problem("sip", "a listener stands here twice") }
    listen.media = section.strings("media", default: listen.media.map(\.description)).compactMap { text in
      guard let address = IPAddress(text) else {
        section.problem("media", "'\(text)' is no IP address")
        return nil
      }
      return address
    }
    for isV6 in [false, true] where listen.media.count(where: { $0.isV6 == isV6 }) > 1 {
      section.problem("media", "one address of each family is listened to; write \(isV6 ? "'::'" : "0.0.0.0") for all")
    }
    let first = section.integer("media_first_port", default: Int(listen.mediaPorts.lowerBound), in: 1_024...65_534)
    let browsers = section.integer("browser_port", default: Int(listen.browserPort ?? 0), in: 0...65_535)
    listen.browserPort = browsers == 0 ? nil : UInt16(exactly: browsers)
    let last = section.integer("media_last_port", default: Int(listen.mediaPorts.upperBound), in: 1_025...65_535)
    if let first = UInt16(exactly: first), let last = UInt16(exactly: last), first < last {
      listen.mediaPorts = first...last
    } else {
      section.problem("media_last_port", "must be above media_first_port (\(first))")
    }
    listen.mediaLoops = section.integer("media_loops", default: listen.mediaLoops, in: 1...64)
    if browsers + listen.mediaLoops > 65_536 {
      section.problem("browser_port", "there are not \(listen.mediaLoops) ports from \(browsers) on, one for each loop")
    }
    let web = section.string("web", default: listen.web?.description ?? "none")
    listen.web = web == "none" ? nil : TransportAddress(web)
    if listen.web == nil, web != "none" {
      section.problem("web", "'\(web)' is no address with port; write '0.0.0.0:8443' or none")
    }
    let text = section.string("private", default: listen.privateListener.description)
    if let address = TransportAddress(text) {
      listen.privateListener = address
    } else {
      section.problem("private", "'\(text)' is no address with port; write '127.0.0.1:9090'")
    }
    section.finish()
  }

  private mutating func readTLS(_ section: SectionReader) {
    tls.certificate = section.optionalString("certificate")
    tls.key = section.optionalString("key")
    if (tls.certificate == nil) != (tls.key == nil) {
      section.problem("certificate", "certificate and key go together")
    }
    tls.verify = section.boolean("verify", default: tls.verify)
    tls.authorities = section.optionalString("authorities")
    section.finish()
  }

  private static func readRoom(_ section: SectionReader) -> Room {
    var room = Room(pattern: section.string("pattern", default: ""))
    if room.pattern.isEmpty { section.problem("pattern", "is missing; write a name, '30*' or '3000-3009'") }
    room.pin = digits(section, "pin")
    room.moderatorPIN = digits(section, "moderator_pin")
    room.language = section.optionalString("language")
    let greeting = section.string("greeting", default: "welcome")
    room.greeting = greeting == "none" ? nil : greeting
    room.hours = section.optionalString("hours")
    room.closed = section.string("closed", default: room.closed)
    room.announceJoining = section.boolean("announce_joining", default: room.announceJoining)
    room.holdMusic = section.boolean("hold_music", default: room.holdMusic)
    room.relay = section.boolean("relay", default: room.relay)
    room.record = section.boolean("record", default: room.record)
    room.recordFormat = section.choice("record_format", default: room.recordFormat, of: ["wav", "opus"])
    room.recordTracks = section.boolean("record_tracks", default: room.recordTracks)
    room.recordVideo = section.boolean("record_video", default: room.recordVideo)
    room.retentionDays = section.integer("retention_days", default: room.retentionDays, in: 0...36_500)
    room.maximumMembers = section.integer("maximum_members", default: room.maximumMembers, in: 1...100_000)
    room.specialist = section.optionalString("specialist")
    if let uri = room.specialist, SIPURI(uri) == nil { section.problem("specialist", "'\(uri)' is no SIP URI") }
    room.moderators = section.strings("moderators", default: [])
    room.agents = section.strings("agents", default: [])
    room.supervisors = section.strings("supervisors", default: [])
    let rate = section.choice("sample_rate", default: "\(room.sampleRate)", of: ["8000", "16000", "48000"])
    room.sampleRate = Int(rate) ?? room.sampleRate
    room.codecs = codecFilter(section)
    section.finish()
    return room
  }

  private static func digits(_ section: SectionReader, _ key: String) -> String? {
    guard let text = section.optionalString(key) else { return nil }
    guard (1...32).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      section.problem(key, "is 1 to 32 digits")
      return nil
    }
    return text
  }

  private mutating func readPrompts(_ section: SectionReader) {
    prompts.directory = section.string("directory", default: prompts.directory)
    prompts.language = section.string("language", default: prompts.language)
    prompts.names = section.dictionary("names")
    section.finish()
  }

  private mutating func readRecording(_ section: SectionReader) {
    recording.directory = section.string("directory", default: recording.directory)
    recording.spill = section.optionalString("spill")
    recording.warnBelowFree = section.fraction("warn_below_free", default: recording.warnBelowFree, in: 0...1)
    recording.refuseBelowFree = section.fraction("refuse_below_free", default: recording.refuseBelowFree, in: 0...1)
    recording.retentionDays = section.integer("retention_days", default: recording.retentionDays, in: 0...36_500)
    recording.whispers = section.boolean("whispers", default: recording.whispers)
    if let text = section.optionalString("keys") {
      do { recording.keys = try ArchiveKeys(text: text) } catch { section.problem("keys", "\(error)") }
    }
    let upload = section.section("upload")
    if !upload.keys.isEmpty { readUpload(upload) }
    section.finish()
  }

  private static func readTrunk(_ section: SectionReader) -> TrunkLine? {
    let name = section.string("name", default: "")
    if name.isEmpty { section.problem("name", "is missing") }
    let text = section.string("host", default: "")
    let host = SIPHost(text)
    if host == nil {
      section.problem("host", "'\(text)' is no host name or address; write an IPv6 address in brackets")
    }
    let port = UInt16(exactly: section.integer("port", default: 0, in: 0...65_535)) ?? 0
    let transport = section.choice("transport", default: "any", of: ["any", "udp", "tcp", "tls"])
    let realm = section.optionalString("realm")
    let username = section.optionalString("username")
    let password = section.optionalString("password")
    if (username == nil) != (password == nil) { section.problem("username", "username and password go together") }
    let codecs = codecFilter(section)
    section.finish()
    return host.map {
      TrunkLine(
        name: name, host: $0, port: port == 0 ? nil : port, transport: SIPTransport(rawValue: transport.uppercased()),
        realm: realm, username: username, password: password.map { Redacted($0) }, codecs: codecs)
    }
  }

  private static func readRoute(_ section: SectionReader) -> RouteLine {
    let match = section.string("match", default: "")
    if match.isEmpty { section.problem("match", "is missing; write a pattern of user parts") }
    let action = section.string("action", default: "block")
    if action != "block", action != "dial", !action.hasPrefix("room "), !action.hasPrefix("flow ") {
      section.problem("action", "'\(action)' is none of: block, dial, room NAME, flow NAME")
    }
    section.finish()
    return RouteLine(match: match, action: action)
  }

  private mutating func readRegistrar(_ section: SectionReader) {
    registrar.guests = section.boolean("guests", default: registrar.guests)
    registrar.users = (section.sections("users") ?? []).map { user in
      let name = user.string("name", default: "")
      let password = user.string("password", default: "")
      if name.isEmpty { user.problem("name", "is missing") }
      if password.isEmpty { user.problem("password", "is missing; write it, or password_file") }
      let codecs = Configuration.codecFilter(user)
      user.finish()
      return Registrar.User(name: name, password: Redacted(password), codecs: codecs)
    }
    if Set(registrar.users.map(\.name)).count < registrar.users.count {
      section.problem("users", "a name stands here twice")
    }
    section.finish()
  }

  private mutating func readAPI(_ section: SectionReader) {
    api.tokens = (section.sections("tokens") ?? []).map { token in
      let text = token.string("token", default: "")
      if text.utf8.count < 16 { token.problem("token", "has at least 16 characters") }
      let role = token.choice("role", default: "viewer", of: ["viewer", "agent", "supervisor", "admin"])
      token.finish()
      return API.Token(token: Redacted(text), role: role)
    }
    section.finish()
  }

  private mutating func readLimits(_ section: SectionReader) {
    limits.members = section.integer("members", default: limits.members, in: 1...1_000_000)
    limits.rooms = section.integer("rooms", default: limits.rooms, in: 1...1_000_000)
    limits.load = section.fraction("load", default: limits.load, in: 0.05...1)
    limits.inactivitySeconds = section.integer("inactivity_seconds", default: limits.inactivitySeconds, in: 2...86_400)
    section.finish()
  }
}
