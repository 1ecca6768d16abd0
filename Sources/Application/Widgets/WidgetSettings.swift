/// The widgets, and who may call by them; a value from the configuration.
package struct WidgetSettings: Sendable {
  package var widgets: [Widget]
  /// Pages that may have any widget without origins of its own, in lower case.
  package var origins: Set<String>
  /// Nil: no tokens are asked for, and none are taken.
  package var verifier: TokenVerifier?

  package init(widgets: [Widget] = [], origins: Set<String> = [], verifier: TokenVerifier? = nil) {
    self.widgets = widgets
    self.origins = origins
    self.verifier = verifier
  }

  package subscript(name: String) -> Widget? { widgets.first { $0.name == name } }

  package func mayHave(_ widget: Widget, _ origin: PageOrigin) -> Bool {
    widget.origins.isEmpty ? origin.isOurs || origins.contains(origin.text) : widget.origins.contains(origin.text)
  }
}
