import Conference
import ICE
import Primitives

/// Which leg a datagram on the shared port is for: by where it comes from, and the first time by the ufrag of its check.
struct BrowserTable {
  /// Where a leg is.
  enum Place {
    case here(HostedRoom, slot: Int)
    /// In a room of another loop.
    case away(RoomID)
  }

  private struct Entry {
    var place: Place
    var ufrags: [UfragKey] = []
    var addresses: [TransportAddress] = []
  }

  /// Ufrags of a leg at most: before and after an ICE restart, and one that was given up.
  static let maximumUfrags = 3
  /// Addresses of a leg at most, as many as ICE has pairs; the oldest makes room.
  static let maximumAddresses = 16

  private var entries: [LegID: Entry] = [:]
  private var ufrags: [UfragKey: LegID] = [:]
  private var addresses: [TransportAddress: LegID] = [:]

  mutating func insert(_ leg: LegID, at place: Place) { entries[leg, default: Entry(place: place)].place = place }

  /// The leg has moved; nothing if it is none of ours.
  mutating func move(_ leg: LegID, to place: Place) { entries[leg]?.place = place }

  mutating func remove(_ leg: LegID) {
    guard let entry = entries.removeValue(forKey: leg) else { return }
    for key in entry.ufrags where ufrags[key] == leg { ufrags[key] = nil }
    for address in entry.addresses where addresses[address] == leg { addresses[address] = nil }
  }

  /// Checks with this ufrag are the leg's.
  mutating func add(_ key: UfragKey, of leg: LegID) {
    guard let entry = entries[leg], !entry.ufrags.contains(key) else { return }
    if entry.ufrags.count >= Self.maximumUfrags, let oldest = entry.ufrags.first {
      entries[leg]?.ufrags.removeFirst()
      if ufrags[oldest] == leg { ufrags[oldest] = nil }
    }
    entries[leg]?.ufrags.append(key)
    ufrags[key] = leg
  }

  /// The leg's peer has proved to be at this address, whosever it was before.
  mutating func add(_ address: TransportAddress, of leg: LegID) {
    guard let entry = entries[leg], addresses[address] != leg else { return }
    if entry.addresses.count >= Self.maximumAddresses, let oldest = entry.addresses.first {
      entries[leg]?.addresses.removeFirst()
      if addresses[oldest] == leg { addresses[oldest] = nil }
    }
    entries[leg]?.addresses.removeAll { $0 == address }
    entries[leg]?.addresses.append(address)
    addresses[address] = leg
  }

  func leg(at address: TransportAddress) -> LegID? { addresses[address] }

  func leg(with key: UfragKey) -> LegID? { ufrags[key] }

  func place(of leg: LegID) -> Place? { entries[leg]?.place }
}
