/// How much a widget's visitors may call.
package struct WidgetLimits: Hashable, Sendable {
  /// Calls at once by the widget.
  package var calls = 100
  /// Calls at once from one visitor's network.
  package var networkCalls = 10
  /// Calls in a minute by the widget, from one page's origin, and from one visitor's network.
  package var callsPerMinute = 60
  package var originCallsPerMinute = 60
  package var networkCallsPerMinute = 12

  package init() {}
}
