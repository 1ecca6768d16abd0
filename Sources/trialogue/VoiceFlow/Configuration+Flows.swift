import Application

extension Configuration {
  /// The section `flows`: each names a file; what is wrong there stands beside what is wrong here.
  static func readFlows(_ sections: [SectionReader], report: ProblemList) -> [VoiceFlow] {
    sections.compactMap { section in
      let name = section.string("name", default: "")
      if name.isEmpty { section.problem("name", "is missing") }
      let path = section.string("file", default: "")
      section.finish()
      guard !path.isEmpty else {
        section.problem("file", "is missing; write the path of a YAML file")
        return nil
      }
      guard let text = report.environment.read(path) else {
        section.problem("file", "the file '\(path)' cannot be read; check its path and permissions")
        return nil
      }
      do throws(ConfigurationFailure) {
        return try FlowFile.read(text, name: name, file: path)
      } catch {
        report.add(error.problems)
        return nil
      }
    }
  }

  /// A sentence for each prompt that a flow or a closed room names and nobody made.
  func missingFlowPrompts(in library: PromptLibrary) -> [String] {
    let closed = rooms.filter { $0.hours != nil }.compactMap { room in
      library.clip(room.closed, language: room.language ?? prompts.language) == nil
        ? "rooms: '\(room.pattern)' plays '\(room.closed)', which is not in '\(prompts.directory)'; callers will hear nothing there"
        : nil
    }
    return closed
      + flows.flatMap { flow in
        flow.promptNames.sorted().filter { library.clip($0, language: flow.language ?? prompts.language) == nil }.map {
          "flows: '\(flow.name)' plays '\($0)', which is not in '\(prompts.directory)'; callers will hear nothing there"
        }
      }
  }
}
