import Application
import HTTPTypes
import Hummingbird

/// Recordings: search, playing, tags, legal hold, deletion, access log, and the examination of the archive.
extension Routes {
  func addRecordings<Context: RequestContext>(to api: RouterGroup<Context>) {
    on(api, .post, "rooms/:room/recordings", .agent) { control, request, path in
      let recording = try await JSONBody.read(
        RecordingRequest.self, from: request, known: ["format", "tracks", "video", "notice"])
      return try JSONBody.response(try await control.startRecording(in: try path("room"), recording), status: .created)
    }
    on(api, .get, "recordings", .supervisor) { control, request, _ in
      try JSONBody.response(try await control.recordings(try RecordingQuery(request)))
    }
    on(api, .get, "recordings/:recording", .supervisor) { control, _, path in
      try JSONBody.response(try await control.recording(try path("recording")))
    }
    on(api, .patch, "recordings/:recording", .agent) { [access] control, request, path in
      let patch = try await JSONBody.read(RecordingPatch.self, from: request, known: RecordingPatch.known)
      return try JSONBody.response(try await change(try path("recording"), patch, request, control, access))
    }
    on(api, .delete, "recordings/:recording", .admin) { control, request, path in
      try await control.deleteRecording(try path("recording"), by: Access.person(of: request))
      return Response(status: .noContent)
    }
    on(api, .get, "recordings/:recording/accesses", .supervisor) { control, _, path in
      try JSONBody.response(try await control.recordingAccesses(try path("recording")))
    }
    on(api, .post, "recordings/:recording/tickets", .supervisor) { [tickets] control, request, path in
      let id = try await control.recording(try path("recording")).id
      let ticket = tickets.give(for: id, to: Access.person(of: request))
      return try JSONBody.response(
        RecordingTicket(ticket: ticket, lifetime: Int(RecordingTickets.lifetime.components.seconds)), status: .created)
    }
    addVerification(to: api)
    addFiles(to: api)
  }

  private func change(
    _ id: String, _ patch: RecordingPatch, _ request: Request, _ control: any ControlPlane, _ access: Access
  ) async throws -> RecordingDescription {
    var recording: RecordingDescription?
    if let annotation = patch.annotation {
      try access.require(.supervisor, of: request)
      recording = try await control.annotateRecording(id, annotation, by: Access.person(of: request))
    }
    if let note = patch.mark { recording = try await control.markRecording(id, note) }
    if let action = patch.action { recording = try await control.changeRecording(id, action) }
    guard let recording else {
      throw ControlError(.invalid, "Say what shall change: action, mark, tags or legalHold", field: "action")
    }
    return recording
  }

  private func addVerification<Context: RequestContext>(to api: RouterGroup<Context>) {
    on(api, .get, "verification", .supervisor) { control, _, _ in
      try JSONBody.response(await control.archiveVerification())
    }
    on(api, .post, "verification", .supervisor) { control, request, _ in
      let noted = try await JSONBody.read(NotedHead.self, from: request, known: ["number", "hash"])
      await control.verifyArchive(head: try noted.head())
      return Response(status: .accepted)
    }
  }

  /// An end of the ledger that somebody has kept.
  private struct NotedHead: Decodable {
    var number: Int?
    var hash: String?

    func head() throws(ControlError) -> LedgerHead? {
      switch (number, hash) {
      case (nil, nil): return nil
      case (let number?, let hash?): return LedgerHead(number: number, hash: hash)
      case (nil, _?), (_?, nil):
        throw ControlError(.invalid, "number and hash of a ledger's end go together", field: "number")
      }
    }
  }

  /// Files are for supervisors, and for whom a supervisor's page has let in with a ticket.
  private func addFiles<Context: RequestContext>(to api: RouterGroup<Context>) {
    let control = control
    let access = access
    let tickets = tickets
    api.get("recordings/:recording/files/:file") { request, context in
      let id = context.parameters.get("recording") ?? ""
      let name = context.parameters.get("file") ?? ""
      let person = try Self.listener(of: request, recording: id, access, tickets)
      let isDownload = request.uri.queryParameters["download"] != nil
      do {
        let content = try await control.recordingFile(
          id, name: name, for: person, as: isDownload ? .downloaded : .listened)
        var response = try await FileRange.response(
          content, name: name, request: request, context: context)
        if isDownload { response.headers[.contentDisposition] = "attachment; filename=\"\(id)-\(name)\"" }
        return response
      } catch let error as ControlError { throw Problem(error) }
    }
    api.get("recordings/:recording/export") { request, context in
      let id = context.parameters.get("recording") ?? ""
      let person = try Self.listener(of: request, recording: id, access, tickets)
      do {
        return try ExportArchive(try await control.exportRecording(id, for: person)).response()
      } catch let error as ControlError { throw Problem(error) }
    }
  }

  private static func listener(
    of request: Request, recording: String, _ access: Access, _ tickets: RecordingTickets
  ) throws -> String {
    guard let ticket = request.uri.queryParameters["ticket"] else {
      try access.require(.supervisor, of: request)
      return Access.person(of: request)
    }
    guard let person = tickets.person(String(ticket), recording: recording) else {
      throw Problem(ControlError(.forbidden, "The ticket is not known, or its time is over: ask for another one"))
    }
    return person
  }
}
