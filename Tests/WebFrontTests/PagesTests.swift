import HTTPTypes
import TestSupport
import Testing

@testable import WebFront

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Which files are pages, and how they are served.
@Suite struct PagesTests {
  private func file(_ text: String, _ type: String = "text/html; charset=utf-8") -> PageFile {
    PageFile(octets: [UInt8](text.utf8), type: type)
  }

  private var door: Door {
    Door(
      pages: PageLibrary(files: [
        "console/index.html": file("<!doctype html>"), "desk/index.html": file("desk"),
        "style.css": file("a {}", "text/css; charset=utf-8"),
        "call-me.js": file("1", "text/javascript; charset=utf-8"),
        "call/sip.js": file("2", "text/javascript; charset=utf-8"),
      ]))
  }

  @Test func pagesHaveAnAddressAndFilesTheirName() async throws {
    #expect(try await door.ask(.get, "/").text == "<!doctype html>")
    #expect(try await door.ask(.get, "/desk").text == "desk")
    #expect(try await door.ask(.get, "/style.css").headers[.contentType] == "text/css; charset=utf-8")
    #expect(try await door.ask(.head, "/").status == 200)
    #expect(try await door.ask(.post, "/").status == 405)
  }

  @Test(arguments: [
    "/console/index.html", "/console", "/nothing", "/../style.css", "/%2e%2e/style.css", "/call/../style.css",
    "/call/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/style.css%00", "/STYLE.CSS",
  ])
  func whatIsNoNameOfAFileIsNotThere(_ path: String) async throws {
    #expect(try await door.ask(.get, path).status == 404)
  }

  @Test func everyFileIsServedWithoutPowers() async throws {
    for path in ["/", "/desk", "/style.css", "/call-me.js"] {
      let headers = try await door.ask(.get, path).headers
      let policy = try #require(headers[.contentSecurityPolicy])
      #expect(policy.hasPrefix("default-src 'self'; "))
      #expect(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains("*"))
      #expect(headers[.xContentTypeOptions] == "nosniff")
      #expect(headers[.cacheControl] == "no-cache")
    }
  }

  /// A shop loads the button from another origin, but nothing else.
  @Test func onlyTheButtonAndItsModulesAreForOtherOrigins() async throws {
    for (path, isShared) in [("/call-me.js", true), ("/call/sip.js", true), ("/style.css", false), ("/", false)] {
      let headers = try await door.ask(.get, path).headers
      #expect((headers[.accessControlAllowOrigin] == "*") == isShared)
      #expect(
        headers[try #require(HTTPField.Name("Cross-Origin-Resource-Policy"))]
          == (isShared ? "cross-origin" : "same-origin"))
    }
  }

  @Test func whoHasTheVersionIsNotSentItAgain() async throws {
    let tag = try #require(try await door.ask(.get, "/style.css").headers[.eTag])
    for given in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
      let answer = try await door.ask(.get, "/style.css", headers: [.ifNoneMatch: given])
      #expect(answer.status == 304 && answer.body.isEmpty && answer.headers[.eTag] == tag)
    }
    for given in ["\"x\"", "", String(tag.dropLast(2))] {
      #expect(try await door.ask(.get, "/style.css", headers: [.ifNoneMatch: given]).status == 200)
    }
    #expect(file("a").tag != file("b").tag)
  }

  @Test func aDirectoryIsReadWithItsPlainFilesOnly() throws {
    let root = "/tmp/pages-\(UInt64.random(in: 0...UInt64.max))"
    let files = FileManager.default
    try files.createDirectory(atPath: root + "/call", withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: root) }
    for name in ["a.html", "call/b.js", ".hidden.js", "notes.txt", "with space.js", "{x}.js"] {
      #expect(files.createFile(atPath: root + "/" + name, contents: Data("x".utf8)))
    }
    let library = try PageLibrary(directory: root)
    #expect(library.files.keys.sorted() == ["a.html", "call/b.js"])
    for number in 0...PageLibrary.maximumFiles {
      #expect(files.createFile(atPath: root + "/n\(number).js", contents: nil))
    }
    #expect(throws: PageProblem.self) { try PageLibrary(directory: root) }
    #expect(throws: PageProblem.self) { try PageLibrary(directory: root + "/missing") }
  }

  /// Scripts and styles stand in files: the policy would block them elsewhere.
  @Test func ourPagesHoldNeitherScriptNorStyle() throws {
    let library = try PageLibrary(directory: Vectors.packageRoot + "/web")
    for name in Pages.addresses.values {
      let page = try #require(library.files[name], "\(name)")
      let text = String(decoding: page.octets, as: UTF8.self)
      #expect(!text.contains("<style") && !text.contains("style=") && !text.contains("javascript:"), "\(name)")
      for part in text.split(separator: "<script").dropFirst() {
        #expect(part.hasPrefix(" type=\"module\" src=\"/"), "\(name): a script stands in the page")
      }
      #expect(text.firstRange(of: #/\son[a-z]+=/#) == nil, "\(name): a listener stands in the page")
    }
    #expect(library.files["call-me.js"] != nil && library.files["style.css"] != nil)
  }
}
