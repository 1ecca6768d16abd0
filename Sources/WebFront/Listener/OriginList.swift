import Synchronization

/// Whose pages may open SIP over WebSocket beside our own; changes when the configuration is read again.
package final class OriginList: Sendable {
  /// As browsers write them, in lower case: `https://shop.example`, with the port if it is not the scheme's.
  private let origins: Mutex<Set<String>>

  package init(_ origins: [String] = []) { self.origins = Mutex(Set(origins.map { $0.lowercased() })) }

  package func replace(with fresh: [String]) { origins.withLock { $0 = Set(fresh.map { $0.lowercased() }) } }

  func contains(_ origin: String) -> Bool { origins.withLock { $0.contains(origin) } }
}
