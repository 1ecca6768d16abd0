import SIP

/// Customer contexts, widgets and relays as the control plane shows them.
extension CallController {
  package func context(_ id: String) async throws(ControlError) -> ContextDescription {
    let calls = table.values.filter { $0.context.id == id }.sorted { ($0.started, $0.id) < ($1.started, $1.id) }
    guard let first = calls.first else {
      throw ControlError(.notFound, "No context '\(id.prefix(40))': the contextID of a call names one")
    }
    var known = CallContext(id: id)
    for call in calls { known = known.merging(call.context) }
    return ContextDescription(
      id: first.context.id, signed: known.values.filter { known.isSigned($0.key) },
      unsigned: known.values.filter { !known.isSigned($0.key) }, calls: calls.map(\.id))
  }

  /// What a dialled call brings along of a customer who is there.
  func context(named id: String) throws(ControlError) -> CallContext {
    guard let call = table.values.first(where: { $0.context.id == id }) else {
      throw ControlError(
        .notFound, "No context '\(id.prefix(40))': the contextID of a call names one", field: "contextID")
    }
    return call.context
  }

  package func relays() async -> RelayDescription {
    settings.relays?.description(at: clock.unixTime, random: &random) ?? RelayDescription()
  }

  package func widgets() async -> [WidgetDescription] {
    settings.widgets.widgets.map { widget in
      WidgetDescription(
        name: widget.name, destination: widget.destination.description, origins: widget.origins.sorted(),
        language: widget.language, needsToken: settings.widgets.verifier != nil, calls: traffic.calls(of: widget.name),
        maximumCalls: widget.limits.calls)
    }
  }
}
