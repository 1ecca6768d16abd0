import Application
import Conference

/// Rooms without rules: seats everybody, and keeps what it is told in order.
actor PlainReception: Reception {
  enum Told: Hashable, Sendable {
    case seated(NewMember)
    case agreed(LegID, MediaDirection)
    case connected(LegID)
    case held(LegID, Bool)
    case digit(LegID, DTMFDigit)
    case left(LegID, String)
    case transferred(LegID, String)
  }

  private(set) var told: [Told] = []
  private(set) var plans: [LegPlan] = []
  private var rooms: [String: RoomID] = [:]
  private var places: [LegID: String] = [:]
  private var members: [String: [ConferenceState.Member]] = [:]
  private var nextLeg: UInt64 = 100
  private var refusal: SeatRefusal?
  private var isPrivate = false
  private var inside: Set<LegID> = []

  func refuse(_ refusal: SeatRefusal?) { self.refusal = refusal }
  func open(_ name: String) { _ = id(name) }
  func close(_ name: String) { rooms[name] = nil }
  func move(_ leg: LegID, to name: String) {
    _ = id(name)
    places[leg] = name
  }
  func set(_ list: [ConferenceState.Member], in name: String) { members[name] = list }
  func clear() { told = [] }
  /// Every room asks for a PIN from now on.
  func askForPINs() { isPrivate = true }
  func admit(_ leg: LegID) { inside.insert(leg) }
  func id(_ name: String) -> RoomID {
    let id = rooms[name] ?? RoomID(UInt64(rooms.count + 1))
    rooms[name] = id
    return id
  }

  func seat(_ caller: NewMember) async throws(SeatRefusal) -> Seat {
    told.append(.seated(caller))
    if let refusal { throw refusal }
    let name =
      switch caller.destination {
      case .room(let name): name
      case .entry: "entry"
      case .flow(let name): name
      case .echo: "echo"
      case .announcement(let name): "announcement-\(name)"
      case .reject, .external: "nowhere"
      }
    nextLeg += 1
    let leg = LegID(nextLeg)
    places[leg] = name
    return Seat(room: id(name), leg: leg, roomName: name)
  }

  func agreed(_ leg: LegID, on plan: LegPlan) async {
    told.append(.agreed(leg, plan.audio.direction))
    plans.append(plan)
  }
  func connected(_ leg: LegID) async { told.append(.connected(leg)) }
  func held(_ leg: LegID, _ held: Bool) async { told.append(.held(leg, held)) }
  func digit(_ leg: LegID, _ digit: DTMFDigit) async { told.append(.digit(leg, digit)) }
  func left(_ leg: LegID, cause: String) async {
    guard places.removeValue(forKey: leg) != nil else { return }
    told.append(.left(leg, cause))
  }
  func transfer(_ leg: LegID, to user: String) async throws(SeatRefusal) {
    if let refusal { throw refusal }
    told.append(.transferred(leg, user))
    places[leg] = user
  }
  func conferenceState(of room: RoomID) async -> ConferenceState? {
    rooms.first { $0.value == room }.map { ConferenceState(room: $0.key, members: members[$0.key] ?? []) }
  }
  func mayKnow(_ room: RoomID, user: String?, leg: LegID?) async -> Bool {
    !isPrivate || user != nil || leg.map { inside.contains($0) } ?? false
  }
  func room(named name: String) async -> RoomID? { rooms[name] }
  func audience(of leg: LegID) async -> ChatAudience? {
    guard let name = places[leg], !isPrivate || inside.contains(leg) else { return nil }
    let others = places.filter { $0.value == name && $0.key != leg && (!isPrivate || inside.contains($0.key)) }
    return ChatAudience(
      room: name, name: "Member \(leg.rawValue)", uri: "sip:\(leg.rawValue)@x",
      others: others.keys.sorted { $0.rawValue < $1.rawValue })
  }
  func rooms(of legs: [LegID]) async -> [LegID: String] { places.filter { legs.contains($0.key) } }
}
