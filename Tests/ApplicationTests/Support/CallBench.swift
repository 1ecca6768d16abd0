import Application
import Codecs
import Conference
import Logging
import Primitives
import SIP

/// A call controller on a bench: its wire, media and rooms are recorded, its time stands still.
struct CallBench {
  let calls: CallController
  let wire = RecordedWire()
  let media = QuietMedia()
  let reception = PlainReception()
  let time = VirtualTime()
  let hub: EventHub
  let events: AsyncStream<ServerEvent>

  static let domain = SIPHost.name("conf.example")

  init(_ change: (inout CallSettings) -> Void = { _ in }) async {
    hub = EventHub(clock: time)
    var settings = CallSettings(
      domain: CallBench.domain, codecs: [.pcmu, .pcma],
      routes: RouteTable(
        announcements: ["9197": "demo"], rooms: [NamePattern("3000-3009"), NamePattern("support")],
        routes: [
          Route(pattern: NamePattern("0900*"), action: .block), Route(pattern: NamePattern("49*"), action: .dial),
        ]))
    settings.sessionTimer = SessionTimerPolicy(interval: nil)
    change(&settings)
    calls = CallController(
      settings: settings, media: media, reception: reception, routes: settings.routes, hub: hub, clock: time,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, random: .seeded(7), keepsTime: false)
    events = await hub.listen()
    await calls.connect(wire)
  }

  /// Everything that was told since the last time, up to now.
  func drainEvents() async -> [ServerEvent] {
    await hub.emit("marker", [:])
    var list: [ServerEvent] = []
    for await event in events {
      if event.name == "marker" { break }
      list.append(event)
    }
    return list
  }

  /// Delivers a request and waits until all that it began is done.
  @discardableResult
  func deliver(_ request: SIPRequest, from source: SIPSource = Phone.source) async -> [SIPResponse] {
    let transaction = Phone.transaction(request)
    if request.method == .ack {
      await calls.receive(.acknowledged(request, source))
    } else {
      await calls.receive(.request(request, transaction, source))
    }
    await calls.settle()
    return wire.responses(in: transaction)
  }

  func answer(_ sent: RecordedWire.Sent, _ response: SIPResponse) async {
    await calls.receive(.response(response, sent.id))
    await calls.settle()
  }

  /// Lets time pass, stopping at every deadline on the way.
  func pass(_ duration: Duration) async {
    let end = time.now + duration
    while let next = await calls.deadline, next <= end {
      time.set(max(next, time.now))
      await calls.timeout(at: time.now)
      await calls.settle()
    }
    time.set(end)
  }

  /// A phone in the middle of an answered call.
  func established(_ change: (inout SIPRequest) -> Void = { _ in }) async -> Phone {
    var phone = Phone()
    var invite = phone.invite()
    change(&invite)
    let responses = await deliver(invite)
    phone.learn(responses.last)
    await deliver(phone.ack())
    return phone
  }

  var told: [PlainReception.Told] { get async { await reception.told } }
  /// The leg of the first member.
  static let leg = LegID(101)
}
