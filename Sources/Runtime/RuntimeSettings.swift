import Primitives

/// How the media plane runs: read once from the configuration and passed as a value.
package struct RuntimeSettings: Hashable, Sendable {
  /// Media threads. One per core that calls may use.
  package var loops: Int
  /// How often a loop looks at its sockets, 1 to 20 ms, a divisor of 20 ms.
  package var quantum: Duration
  package var scheduling: ThreadScheduling

  /// Addresses that leg sockets are bound to.
  package var bindAddressV4: IPAddress
  package var bindAddressV6: IPAddress
  /// Addresses that peers are told, when they differ from the bound ones (NAT, or bound to "any").
  package var publicAddressV4: IPAddress?
  package var publicAddressV6: IPAddress?
  /// Ports of plain RTP legs: an even port for RTP and the next one for RTCP each.
  package var ports: ClosedRange<UInt16>
  /// All browsers come in by this port, of UDP or TCP, those of a second loop by the next one, and so on; nil for a port of its own for
  /// each.
  package var browserPort: UInt16?
  /// Where that port is bound, if not where the legs' are.
  package var browserAddressV4: IPAddress?
  /// SO_RCVBUF and SO_SNDBUF of a leg's sockets, in octets.
  package var socketBuffer: Int
  /// The octet of RFC 2474 on what is sent; Expedited Forwarding (RFC 3246) by default.
  package var trafficClass: UInt8
  /// No leg is opened above this share of a media core.
  package var maximumLoad: Double

  /// Where recordings lie.
  package var recordingsRoot: String
  /// Where octets go that the recordings' file system does not take; nil for nowhere.
  package var spillDirectory: String?
  /// Octets that may wait for the disk; what comes on top is dropped and counted.
  package var writerQueue: Int
  /// Shares of free space: below the first an alarm is raised, below the second no recording starts.
  package var warnFreeShare: Double
  package var minimumFreeShare: Double
  /// What recordings are sealed by.
  package var keys: ArchiveKeys

  package init(
    recordingsRoot: String, loops: Int = 1, quantum: Duration = .milliseconds(5),
    scheduling: ThreadScheduling = .fair(slice: .microseconds(100)), bindAddressV4: IPAddress = .anyV4,
    bindAddressV6: IPAddress = .anyV6, publicAddressV4: IPAddress? = nil, publicAddressV6: IPAddress? = nil,
    ports: ClosedRange<UInt16> = 20_000...29_999, browserPort: UInt16? = nil, browserAddressV4: IPAddress? = nil,
    socketBuffer: Int = 262_144, trafficClass: UInt8 = 0xB8,
    maximumLoad: Double = 0.6, spillDirectory: String? = nil, writerQueue: Int = 64 << 20, warnFreeShare: Double = 0.10,
    minimumFreeShare: Double = 0.01, keys: ArchiveKeys = .none
  ) {
    self.recordingsRoot = recordingsRoot
    self.loops = loops
    self.quantum = quantum
    self.scheduling = scheduling
    self.bindAddressV4 = bindAddressV4
    self.bindAddressV6 = bindAddressV6
    self.publicAddressV4 = publicAddressV4
    self.publicAddressV6 = publicAddressV6
    self.ports = ports
    self.browserPort = browserPort
    self.browserAddressV4 = browserAddressV4
    self.socketBuffer = socketBuffer
    self.trafficClass = trafficClass
    self.maximumLoad = maximumLoad
    self.spillDirectory = spillDirectory
    self.writerQueue = writerQueue
    self.warnFreeShare = warnFreeShare
    self.minimumFreeShare = minimumFreeShare
    self.keys = keys
  }
}
