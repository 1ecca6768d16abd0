import Application
import Audio
import Conference
import Primitives
import Runtime
import SIPFront

/// The configuration in the words of each floor.
extension Configuration {
  var runtimeSettings: RuntimeSettings {
    // Who names loopback alone wants the other family there too.
    let isLocal = !listen.media.isEmpty && listen.media.allSatisfy(\.isLoopback)
    return RuntimeSettings(
      recordingsRoot: recording.directory, loops: listen.mediaLoops,
      bindAddressV4: listen.media.first { !$0.isV6 } ?? (isLocal ? .loopbackV4 : .anyV4),
      bindAddressV6: listen.media.first { $0.isV6 } ?? (isLocal ? .loopbackV6 : .anyV6),
      publicAddressV4: server.publicAddress.flatMap { $0.isV6 ? nil : $0 },
      publicAddressV6: server.publicAddress.flatMap { $0.isV6 ? $0 : nil },
      ports: listen.mediaPorts, browserPort: listen.browserPort, browserAddressV4: listen.browserAddress,
      maximumLoad: limits.load,
      spillDirectory: recording.spill,
      warnFreeShare: recording.warnBelowFree, minimumFreeShare: recording.refuseBelowFree,
      keys: recording.keys)
  }

  /// `identity` is wanted where there is a listener by TLS.
  func sipFrontConfiguration(identity: TLSIdentity?) -> SIPFrontConfiguration {
    var result = SIPFrontConfiguration(
      listeners: listen.sip.map { SIPFrontConfiguration.Listener($0.transport, $0.address) })
    if let address = server.publicAddress { result.publicAddresses = [address] }
    result.identity = identity
    result.trust = !tls.verify ? .anybody : tls.authorities.map { .authorities($0) } ?? .system
    return result
  }

  func directorySettings(prompts library: PromptLibrary) -> DirectorySettings {
    let rooms = rooms.map { room in
      var settings = RoomSettings(
        pattern: NamePattern(room.pattern), pin: room.pin, moderatorPIN: room.moderatorPIN,
        language: room.language ?? prompts.language, greeting: room.greeting,
        hours: room.hours.flatMap { hours[$0] }, closedPrompt: room.closed, announcesJoining: room.announceJoining,
        holdMusic: room.holdMusic, record: room.record,
        recordingFormat: room.recordFormat == "opus" ? .opus : .wav, recordingTracks: room.recordTracks,
        maximumMembers: room.maximumMembers, specialist: room.specialist, moderators: Set(room.moderators),
        codecs: room.codecs,
        plan: RoomPlan(
          maximumSampleRate: room.sampleRate, opusComplexity: codecs.opusComplexity, opusBitRate: codecs.opusBitRate,
          inactivityTimeout: limits.inactivitySeconds * 1_000, relays: room.relay))
      settings.agents = Set(room.agents)
      settings.supervisors = Set(room.supervisors)
      settings.recordingVideo = room.recordVideo
      settings.recordsWhispers = recording.whispers
      return settings
    }
    return DirectorySettings(
      rooms: rooms, routes: routeTable, prompts: library, holdMusic: HoldMusic.clip(sampleRate: 16_000),
      tones: RoomTones(joined: Signals.joined, left: Signals.left),
      flows: Dictionary(flows.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }),
      language: prompts.language,
      maximumRooms: limits.rooms, maximumMembers: limits.members, maximumLoad: limits.load)
  }

  var routeTable: RouteTable {
    RouteTable(
      entryNames: ["entry", "5000"], echoNames: ["echo", "9196"], announcements: ["9197": "announcement-demo"],
      rooms: rooms.map { NamePattern($0.pattern) },
      routes: routes.map { line in
        let name = String(line.action.dropFirst(5))
        let action: Route.Action =
          switch line.action.prefix(5) {
          case "block": .block
          case "dial": .dial
          case "flow ": .flow(name)
          default: .room(name)
          }
        return Route(pattern: NamePattern(line.match), action: action)
      })
  }
}
