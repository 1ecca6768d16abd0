import Application
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The REST interface under `/api/v1`; `docs/openapi.yaml` is its contract.
package struct Routes: Sendable {
  let control: any ControlPlane
  let access: Access
  /// For what a page cannot ask with a header: players and downloads.
  let tickets = RecordingTickets()
  private let contract: String
  private let logger: Logger

  /// `contract` is the text of `openapi.yaml`, served at `/openapi.yaml`.
  package init(control: any ControlPlane, access: Access, contract: String, logger: Logger) {
    self.control = control
    self.access = access
    self.contract = contract
    self.logger = logger
  }

  /// Adds everything; last, so that it knows which methods a path has.
  package func add<Context: RequestContext>(to router: Router<Context>) {
    addEndpoints(to: router.add(middleware: ProblemMiddleware(logger: logger)))
    refuseOtherMethods(of: router)
  }

  /// What stands in the contract.
  func addEndpoints<Context: RequestContext>(to router: Router<Context>) {
    router.get("openapi.yaml") { [contract] _, _ in
      Response(
        status: .ok, headers: [.contentType: "application/yaml"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: contract)))
    }
    let api = router.group("api/v1")
    addRooms(to: api)
    addMembers(to: api)
    addSupervision(to: api)
    addCalls(to: api)
    addPlays(to: api)
    addRecordings(to: api)
    addXMLRPC(to: router)
    addWebhooks(to: api)
    on(api, .get, "status", .viewer) { control, _, _ in try JSONBody.response(await control.status()) }
    on(api, .post, "drain", .admin) { control, _, _ in
      await control.drain()
      return Response(status: .accepted)
    }
    on(api, .get, "events", .viewer) { control, request, _ in
      EventStream.response(await control.events(after: try EventStream.lastIdentifier(of: request)))
    }
  }

  /// A path that exists says which methods it has instead of being unknown.
  private func refuseOtherMethods<Context: RequestContext>(of router: Router<Context>) {
    for (path, routes) in Dictionary(grouping: router.routes, by: { $0.path.description }) {
      let allowed = routes.map(\.method).sorted { $0.rawValue < $1.rawValue }
      for method: HTTPRequest.Method in [.get, .post, .put, .patch, .delete, .options, .trace]
      where !allowed.contains(method) {
        router.on(RouterPath(path), method: method) { _, _ -> Response in
          var problem = Problem(
            status: .methodNotAllowed, title: "Method not allowed",
            detail: "This path has \(allowed.map(\.rawValue).joined(separator: ", "))")
          problem.allowed = allowed
          throw problem
        }
      }
    }
  }

  private func addRooms<Context: RequestContext>(to api: RouterGroup<Context>) {
    on(api, .get, "rooms", .viewer) { control, _, _ in
      try JSONBody.response(Page(items: await control.rooms(), next: nil))
    }
    on(api, .post, "rooms", .supervisor) { control, request, _ in
      let creation = try await JSONBody.read(
        RoomCreation.self, from: request, known: ["name", "pin", "moderatorPIN", "language", "record"])
      return try JSONBody.response(try await control.createRoom(creation), status: .created)
    }
    on(api, .get, "rooms/:room", .viewer) { control, _, path in
      try JSONBody.response(try await control.room(try path("room")))
    }
    on(api, .patch, "rooms/:room", .supervisor) { control, request, path in
      let change = try await JSONBody.read(RoomChange.self, from: request, known: ["locked", "allMuted"])
      return try JSONBody.response(try await control.updateRoom(try path("room"), change))
    }
    on(api, .delete, "rooms/:room", .supervisor) { control, _, path in
      try await control.closeRoom(try path("room"))
      return Response(status: .noContent)
    }
  }

  private func addMembers<Context: RequestContext>(to api: RouterGroup<Context>) {
    on(api, .get, "rooms/:room/members", .viewer) { control, _, path in
      try JSONBody.response(Page(items: try await control.members(of: try path("room")), next: nil))
    }
    on(api, .patch, "rooms/:room/members/:member", .agent) { control, request, path in
      let change = try await JSONBody.read(
        MemberChange.self, from: request,
        known: ["muted", "deaf", "held", "masked", "listeningGain", "talkingGain"])
      return try JSONBody.response(try await control.updateMember(try path("member"), in: try path("room"), change))
    }
    on(api, .delete, "rooms/:room/members/:member", .supervisor) { control, _, path in
      try await control.removeMember(try path("member"), from: try path("room"))
      return Response(status: .noContent)
    }
    on(api, .post, "rooms/:room/members/:member/move", .supervisor) { control, request, path in
      let move = try await JSONBody.read(Move.self, from: request, known: ["room"])
      return try JSONBody.response(
        try await control.moveMember(try path("member"), from: try path("room"), to: move.room))
    }
  }

  private func addSupervision<Context: RequestContext>(to api: RouterGroup<Context>) {
    on(api, .put, "rooms/:room/members/:member/supervision", .supervisor) { control, request, path in
      let wanted = try await JSONBody.read(SupervisionRequest.self, from: request, known: ["mode"])
      return try JSONBody.response(try await control.supervise(try path("member"), in: try path("room"), wanted))
    }
    on(api, .post, "rooms/:room/consult", .agent) { control, request, path in
      let consult = try await JSONBody.read(ConsultRequest.self, from: request, known: ["members"])
      return try JSONBody.response(try await control.consult(in: try path("room"), consult), status: .created)
    }
    on(api, .delete, "rooms/:room/consult", .agent) { control, _, path in
      try JSONBody.response(try await control.merge(try path("room")))
    }
  }

  private func addCalls<Context: RequestContext>(to api: RouterGroup<Context>) {
    on(api, .get, "calls", .viewer) { control, _, _ in
      try JSONBody.response(Page(items: await control.calls(), next: nil))
    }
    let access = access
    on(api, .post, "calls", .agent) { control, request, _ in
      let dial = try await JSONBody.read(
        DialRequest.self, from: request,
        known: ["uri", "room", "from", "headers", "context", "contextID", "role", "timeout", "codecs", "codecsDenied"])
      // Who may not listen in by one door may not by another.
      if dial.role == .supervisor { try access.require(.supervisor, of: request) }
      return try JSONBody.response(try await control.dial(dial), status: .created)
    }
    on(api, .get, "contexts/:context", .viewer) { control, _, path in
      try JSONBody.response(try await control.context(try path("context")))
    }
    on(api, .get, "widgets", .viewer) { control, _, _ in
      try JSONBody.response(Page(items: await control.widgets(), next: nil))
    }
    on(api, .post, "relays", .agent) { control, _, _ in try JSONBody.response(await control.relays()) }
    on(api, .get, "calls/:call", .viewer) { control, _, path in
      try JSONBody.response(try await control.call(try path("call")))
    }
    on(api, .delete, "calls/:call", .agent) { control, _, path in
      try await control.hangUp(try path("call"))
      return Response(status: .noContent)
    }
  }

  private func addPlays<Context: RequestContext>(to api: RouterGroup<Context>) {
    on(api, .get, "prompts", .viewer) { control, _, _ in
      try JSONBody.response(Page(items: await control.prompts(), next: nil))
    }
    on(api, .post, "rooms/:room/plays", .agent) { control, request, path in
      let play = try await JSONBody.read(
        PlayRequest.self, from: request, known: ["prompts", "language", "member", "loop", "gain"])
      return try JSONBody.response(try await control.play(play, in: try path("room")), status: .created)
    }
    on(api, .delete, "rooms/:room/plays/:play", .agent) { control, _, path in
      try await control.stopPlay(try path("play"), in: try path("room"))
      return Response(status: .noContent)
    }
  }

  private func addWebhooks<Context: RequestContext>(to api: RouterGroup<Context>) {
    on(api, .get, "webhooks", .admin) { control, _, _ in
      try JSONBody.response(Page(items: await control.webhooks(), next: nil))
    }
    on(api, .get, "webhooks/:webhook/deliveries", .admin) { control, _, path in
      try JSONBody.response(Page(items: try await control.webhookDeliveries(of: try path("webhook")), next: nil))
    }
  }

  private struct Move: Decodable { var room: String }

  /// One route: permission first, then the handler, whose control errors become problems. Names and identifiers are
  /// plain (`NamePattern.isPlainName`), so that nothing in a path is ever percent-encoded.
  func on<Context: RequestContext>(
    _ group: RouterGroup<Context>, _ method: HTTPRequest.Method, _ path: RouterPath, _ role: Access.Role,
    _ handle:
      @escaping @Sendable (any ControlPlane, Request, _ path: (String) throws -> String) async throws ->
      Response
  ) {
    let access = access
    let control = control
    group.on(path, method: method) { request, context in
      try access.require(role, of: request)
      let parameters = context.parameters
      do {
        return try await handle(control, request) { name in
          guard let value = parameters.get(name) else {
            throw ControlError(.invalid, "The path lacks its '\(name)'")
          }
          return value
        }
      } catch let error as ControlError { throw Problem(error) }
    }
  }
}
