import COpus

/// The Opus library that the program runs with.
package enum OpusLibrary {
  /// As the library names itself: `libopus 1.3.1`.
  package static var version: String {
    guard let text = unsafe opus_get_version_string() else { return "libopus" }
    return unsafe String(cString: text)
  }
}
