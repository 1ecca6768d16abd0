import Conference
import ICE
import Primitives
import SecureRTP

/// The media plane on this machine: media loops, the file writer, and the table of which room runs on which loop.
package final class LoopGroup: MediaPlane {
  /// Events of all rooms that may wait for Application. If it lags so far behind, newer ones are lost.
  static let eventBound = 1 << 17

  package let events: AsyncStream<(RoomID, RoomEvent)>

  private let settings: RuntimeSettings
  /// The one certificate of the process, or why there is none.
  private let certificate: Result<DTLSCertificate, DTLSError>
  private let registry: PortRegistry
  private let table: RoomTable
  private let loops: [MediaLoop]
  /// By loop.
  private let sharedPorts: [[SharedPort]]
  private let writer: FileWriter
  private let continuation: AsyncStream<(RoomID, RoomEvent)>.Continuation

  /// Opens the recordings' directories and the browsers' ports and starts the threads. Only a browsers' port can be in
  /// use. Call `shutDown` at the end: the threads do not end by themselves.
  package init(settings: RuntimeSettings, random: RandomSource = .system) throws(SystemError) {
    self.settings = settings
    registry = PortRegistry(settings: settings, random: random)
    certificate = LoopGroup.makeCertificate()
    let (stream, continuation) = AsyncStream.makeStream(
      of: (RoomID, RoomEvent).self, bufferingPolicy: .bufferingOldest(LoopGroup.eventBound))
    events = stream
    self.continuation = continuation
    let mailboxes = (0..<max(1, settings.loops)).map { _ in Mailbox<LoopMessage>(capacity: 256) }
    let table = RoomTable(mailboxes: mailboxes)
    self.table = table
    // Before anything runs: a port that another process has ends the attempt, and the next one may begin.
    var sharedPorts: [[SharedPort]] = []
    for (index, mailbox) in mailboxes.enumerated() {
      sharedPorts.append(try LoopGroup.sharedPorts(of: index, settings: settings, home: mailbox))
    }
    writer = try FileWriter(settings: settings) { room, outcome in
      table.post(.outcome(outcome, room), to: room, late: true)
    }
    var loops: [MediaLoop] = []
    for (index, (mailbox, ports)) in zip(mailboxes, sharedPorts).enumerated() {
      let shared = LoopShared(
        settings: settings, certificate: try? certificate.get(), mailbox: mailbox, sharedPorts: ports,
        table: table, registry: registry,
        writer: writer, events: continuation)
      loops.append(try MediaLoop(index: index, shared: shared))
    }
    self.loops = loops
    self.sharedPorts = sharedPorts
  }

  /// Alarms about the disk that recordings go to. One consumer.
  package var alarms: AsyncStream<FileAlarm> { writer.alarms }

  /// Draws the wave forms of finished recordings, `YYYY/MM/DD/<id>`, when there is time.
  package func makePeaks(in directories: [String]) { writer.makePeaks(in: directories) }

  /// Of every loop, as of the last second.
  package var statistics: [LoopStatistics] { loops.map(\.statistics) }

  /// Port pairs that no leg holds.
  package var freePortPairs: Int { registry.freePairs }

  /// Octets of recordings that did not fit into the writer's queue since the start.
  package var recordingOctetsDropped: Int64 { writer.octetsDropped }

  package var load: Double { loops.map(\.statistics.load).max() ?? 0 }

  package func openRoom(_ room: RoomID, plan: RoomPlan) { table.open(room, plan: plan) }

  package func closeRoom(_ room: RoomID) { table.close(room) }

  package func post(_ command: RoomCommand, to room: RoomID) { table.post(.command(command, room), to: room) }

  package func moveLeg(_ leg: LegID, from source: RoomID, to destination: RoomID) {
    table.moveLeg(leg, from: source, to: destination)
  }

  package func openLeg(
    _ leg: LegID, in room: RoomID, family: AddressFamily, kind: LegKind
  ) async throws(MediaPlaneError) -> LegPorts {
    if table.isShuttingDown { throw .shuttingDown }
    guard table.isOpen(room) else { throw .noSuchRoom }
    if load > settings.maximumLoad { throw .overloaded }
    let secrets = try secrets(of: kind)
    if let secrets, let shared = sharedPort(of: room, family: family) {
      guard table.post(.addLeg(leg, room, .shared(shared), secrets.credentials), to: room) else { throw .noSuchRoom }
      return LegPorts(
        rtp: shared.announced, rtcp: shared.announced, ice: secrets.credentials, fingerprint: secrets.fingerprint,
        stream: shared.announced)
    }
    let sockets = try registry.open(family: family)
    guard table.post(.addLeg(leg, room, .own(sockets), secrets?.credentials), to: room) else {
      registry.giveBack(sockets.port)
      throw .noSuchRoom
    }
    var ports = registry.announced(sockets)
    if let secrets {
      ports.rtcp = ports.rtp
      ports.ice = secrets.credentials
      ports.fingerprint = secrets.fingerprint
    }
    return ports
  }

  private func sharedPort(of room: RoomID, family: AddressFamily) -> SharedPort? {
    guard let loop = table.loop(of: room), loop < sharedPorts.count else { return nil }
    return sharedPorts[loop].first { $0.announced.ip.isV6 == (family == .v6) }
  }

  /// Opens the browsers' ports of a loop. IPv6 is left out where the machine has none.
  private static func sharedPorts(
    of loop: Int, settings: RuntimeSettings, home: Mailbox<LoopMessage>
  ) throws(SystemError) -> [SharedPort] {
    guard let first = settings.browserPort else { return [] }
    let port = UInt16(clamping: Int(first) + loop)
    let v4 = try SharedPort(
      boundTo: TransportAddress(settings.browserAddressV4 ?? settings.bindAddressV4, port: port),
      announcing: settings.publicAddressV4,
      trafficClass: settings.trafficClass, home: home)
    let v6: SharedPort?
    do throws(SystemError) {
      v6 = try SharedPort(
        boundTo: TransportAddress(settings.bindAddressV6, port: port), announcing: settings.publicAddressV6,
        trafficClass: settings.trafficClass, home: home)
    } catch {
      if error.isAddressInUse { throw error }
      v6 = nil
    }
    return [v4, v6].compactMap { $0 }
  }

  /// What a new leg's session description says of ICE and DTLS; nil for a phone's.
  private func secrets(
    of kind: LegKind
  ) throws(MediaPlaneError) -> (credentials: ICECredentials, fingerprint: Fingerprint)? {
    switch kind {
    case .plain: return nil
    case .webRTC:
      switch certificate {
      case .success(let certificate):
        var random = RandomSource.system
        return (ICECredentials(random: &random), certificate.fingerprint)
      case .failure(let error): throw .noSecureMedia(reason: "\(error)")
      }
    }
  }

  /// Tries the certificate too: what the loops do with it later cannot fail then but for want of memory.
  private static func makeCertificate() -> Result<DTLSCertificate, DTLSError> {
    do throws(DTLSError) {
      let certificate = try DTLSCertificate.selfSigned()
      _ = try DTLSContext(certificate)
      return .success(certificate)
    } catch {
      return .failure(error)
    }
  }

  /// Ends every room, waits until their recordings are closed (10 s at most), then ends the threads and the events.
  package func shutDown() async {
    table.shutDown()
    await withCheckedContinuation { done in
      let wait: @Sendable () -> Void = { [loops, writer, continuation] in
        for loop in loops { loop.join() }
        writer.stop()
        continuation.finish()
        done.resume()
      }
      // Joining blocks, so it gets a thread of its own.
      do throws(SystemError) { _ = try RuntimeThread(name: "media-stop", body: wait) } catch { wait() }
    }
  }
}
