import Logging
import WebFront

extension Configuration {
  /// The pages; none, with a warning, if they cannot be read: calls need no pages.
  func pages(logger: Logger) -> PageLibrary {
    do throws(PageProblem) { return try PageLibrary(directory: web.directory) } catch {
      logger.warning("web.directory: \(error)")
      return PageLibrary()
    }
  }
}
