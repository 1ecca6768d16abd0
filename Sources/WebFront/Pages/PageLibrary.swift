#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The files of the pages, read once at start. What is not in here has no name: a request can reach no other file.
package struct PageLibrary: Sendable {
  package static let maximumFiles = 256
  /// Of all files together.
  package static let maximumOctets = 4 << 20

  /// By path below the directory, as `console/console.js`.
  package private(set) var files: [String: PageFile] = [:]

  /// No pages.
  package init() {}

  package init(files: [String: PageFile]) { self.files = files }

  /// Reads a directory; the problem is a sentence for the operator.
  package init(directory: String) throws(PageProblem) {
    guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: directory) else {
      throw PageProblem("the directory '\(directory)' cannot be read; there are no pages")
    }
    var octets = 0
    for path in paths.sorted() {
      guard let type = PageFile.type(of: path), Self.isPlain(path) else { continue }
      guard let data = FileManager.default.contents(atPath: directory + "/" + path) else {
        throw PageProblem("the page '\(directory)/\(path)' cannot be read; there are no pages")
      }
      octets += data.count
      guard files.count < Self.maximumFiles, octets <= Self.maximumOctets else {
        throw PageProblem(
          "'\(directory)' holds more than \(Self.maximumFiles) files or \(Self.maximumOctets) octets; there are no pages"
        )
      }
      files[path] = PageFile(octets: [UInt8](data), type: type)
    }
  }

  /// Letters, digits and `-_.` between slashes, no hidden file: what needs no encoding, and means nothing to a router.
  static func isPlain(_ path: String) -> Bool {
    path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      guard let first = part.utf8.first, first != UInt8(ascii: ".") else { return false }
      return part.utf8.allSatisfy { octet in
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
    }
  }
}
