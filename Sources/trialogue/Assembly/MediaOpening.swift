import Logging
import Runtime

/// Starts the media plane; finds another port for browsers where the usual one is in use.
enum MediaOpening {
  /// Ports that are tried instead, each with room for the loops behind it.
  private static let others = stride(from: UInt16(10_100), through: 10_900, by: 100)

  static func open(_ configuration: Configuration, logger: Logger) throws(StartFailure) -> LoopGroup {
    var settings = configuration.runtimeSettings
    do throws(SystemError) { return try LoopGroup(settings: settings) } catch {
      guard error.isAddressInUse, let wanted = settings.browserPort else {
        throw StartFailure("the media plane cannot start: \(error)")
      }
      guard wanted == Configuration.Listen.usualBrowserPort else {
        throw StartFailure("listen.browser_port: \(error). Is another server running there?")
      }
    }
    for port in others {
      settings.browserPort = port
      do throws(SystemError) {
        let media = try LoopGroup(settings: settings)
        logger.warning(
          "listen.browser_port: \(Configuration.Listen.usualBrowserPort) is in use, browsers come by \(port) instead")
        return media
      } catch {
        guard error.isAddressInUse else { throw StartFailure("the media plane cannot start: \(error)") }
      }
    }
    throw StartFailure(
      "listen.browser_port: \(Configuration.Listen.usualBrowserPort) and those tried instead are in use")
  }
}
