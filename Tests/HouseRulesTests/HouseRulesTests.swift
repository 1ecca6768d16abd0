import Testing

/// Rules 6, 10, 12 to 15 and 18 of `docs/ARCHITECTURE.md`, as far as a reader of the sources can check them.
@Suite struct HouseRulesTests {
  @Test func noFileIsTooLong() {
    for source in Source.all where !source.path.contains("Table") {
      // A last line end makes an empty last line.
      #expect(source.lines.count <= 401, "\(source.path) has \(source.lines.count - 1) lines: split it by meaning")
    }
  }

  @Test func filesAreNamedAfterTheirType() {
    let kinds: Set<Substring> = ["struct", "class", "enum", "actor", "protocol", "extension", "typealias"]
    // Families of small values that belong together.
    let families: Set<String> = ["Identifiers", "Descriptions", "Requests"]
    for source in Source.all where source.target != "trialogue" && !families.contains(source.type) {
      let declares = source.lines.contains { line in
        let words = line.words
        return words.contains { kinds.contains($0) } && words.contains(Substring(source.type))
      }
      #expect(declares, "\(source.path) declares no \(source.type)")
    }
  }

  @Test func namesSayWhatAThingIs() {
    let empty = ["Manager", "Helper", "Helpers", "Utils", "Util", "Utilities", "Impl", "Base"]
    let kinds: Set<Substring> = ["class", "struct", "enum", "actor", "protocol", "typealias"]
    for source in Source.all {
      #expect(!empty.contains { source.type.hasSuffix($0) }, "\(source.path)")
      for line in source.lines {
        let words = line.words
        for (word, name) in zip(words, words.dropFirst()) where kinds.contains(word) {
          #expect(!empty.contains { name.hasSuffix($0) }, "\(source.place(line))")
        }
      }
    }
  }

  @Test func acronymsStandInCapitals() {
    let wrong = [
      "Sip", "Rtp", "Sdp", "Rtcp", "Srtp", "Dtmf", "Wav", "Uri", "Url", "Http", "Json", "Udp", "Tcp", "Dtls",
    ]
    let kinds: Set<Substring> = ["class", "struct", "enum", "actor", "protocol"]
    for source in Source.all {
      for line in source.lines {
        let words = line.words
        for (word, name) in zip(words, words.dropFirst()) where kinds.contains(word) && name.first?.isUppercase == true
        {
          for acronym in wrong where name.contains(acronym) {
            // `Wav` begins `Waveform`, `Uri` may begin a word: only a whole syllable counts.
            let behind = name.firstRange(of: acronym).map { name[$0.upperBound...] } ?? ""
            #expect(behind.first?.isLowercase == true, "\(source.place(line))")
          }
        }
      }
    }
  }

  @Test func trapsAndOpenedSafetiesAreForbidden() {
    for source in Source.all {
      for line in source.lines {
        let code = line.code
        for word in [
          "try!", " as! ", "fatalError(", "@unchecked", "nonisolated(unsafe)", "unowned ", "preconditionFailure()",
        ]
        where code.contains(word) { Issue.record("\(source.place(line))") }
        if Self.unwraps(code) { Issue.record("\(source.place(line)): a forced unwrapping") }
      }
    }
  }

  /// An exclamation mark behind a value.
  static func unwraps(_ code: String) -> Bool {
    var last: Character = " "
    var previous: Character = " "
    for character in code + " " {
      if last == "!", character != "=", previous.isLetter || previous.isNumber || ")]>\"_".contains(previous) {
        return true
      }
      previous = last
      last = character
    }
    return false
  }

  @Test func theServerIsNoLibrary() {
    let declarations = [
      "func", "var", "let", "init", "static", "final", "struct", "class", "enum", "protocol", "extension", "actor",
    ]
    for source in Source.all {
      for line in source.lines {
        for word in declarations
        where (line.code + " ").contains("public \(word) ") || line.code.contains("open \(word) ") {
          Issue.record("\(source.place(line)): access across targets is package")
        }
      }
    }
  }

  @Test func typesOfTheLowerFloorsHaveASentence() {
    let kinds = ["struct ", "class ", "enum ", "protocol "]
    for source in Source.all where Floors.pure.contains(source.target) || source.target == "Runtime" {
      for (index, line) in source.lines.enumerated()
      where !line.code.hasPrefix(" ") && !line.code.hasPrefix("extension") {
        guard kinds.contains(where: { line.code.hasPrefix($0) || line.code.contains(" " + $0) }),
          line.code.contains("{")
        else { continue }
        var before = index - 1
        while before >= 0, source.lines[before].text.hasPrefix("@") { before -= 1 }
        #expect(before >= 0 && source.lines[before].text.hasPrefix("///"), "\(source.place(line)): no sentence")
      }
    }
  }

  @Test func onlyCommandsPrint() {
    for source in Source.all where source.target != "trialogue" {
      for line in source.lines
      where [" print(", " debugPrint(", " dump("].contains(where: { (" " + line.code).contains($0) }) {
        Issue.record("\(source.place(line))")
      }
    }
  }

  /// What says where and how the project came about is of no use to who reads it.
  @Test func textSpeaksOfTheProjectOnly() {
    let words = [
      "/wo" + "rk/", "/ro" + "ot/", "TO" + "DO", "FIX" + "ME", "Cla" + "ude", "Anth" + "ropic", "Chat" + "GPT",
    ]
    let files =
      Source.files(below: "Sources") + Source.files(below: "Tests") + Source.files(below: "docs")
      + Source.files(below: "prompts", ending: ".sh") + ["README.md", "Makefile", "Package.swift"]
    for path in files {
      let text = Source.text(path)
      for word in words where text.contains(word) { Issue.record("\(path): \(word)") }
    }
  }

  @Test func testsOfTheLowerFloorsNeverSleep() {
    for path in Source.files(below: "Tests", ending: ".swift") {
      let folder = String(path.split(separator: "/")[1])
      guard folder.hasSuffix("Tests"), Floors.pure.contains(String(folder.dropLast(5))) else { continue }
      for line in Source.read(Source.text(path)) where line.words.contains("sleep") || line.words.contains("usleep") {
        Issue.record("\(path):\(line.number): virtual time needs no sleep")
      }
    }
  }

  /// The rules themselves: a rule that finds nothing may be blind.
  @Test func rulesSeeWhatTheyLookFor() {
    let lines = Source.read("let a = b! // c!\nlet d = \"e!\"\nif f != g {}\n@testable import struct SIP.X\nh()!.i\n!j")
    #expect(lines.map { Self.unwraps($0.code) } == [true, false, false, false, true, false])
    let source = Source(path: "RTP/X.swift", target: "RTP", lines: lines)
    #expect(source.imports == ["SIP"])
    #expect(Source.read("a \"\"\"\nb!\n\"\"\"\nc!").map { Self.unwraps($0.code) } == [false, false, false, true])
  }
}
