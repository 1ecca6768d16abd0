/// A voice menu as its author wrote it: named blocks of steps that a caller is led through.
package struct VoiceFlow: Hashable, Sendable {
  package var name: String
  /// The language that it begins in; nil: that of the call.
  package var language: String?
  /// The block that it begins with.
  package var start: String
  package var blocks: [String: [FlowStep]]
  /// Business hours by name.
  package var hours: [String: BusinessHours]

  package init(
    name: String, language: String? = nil, start: String, blocks: [String: [FlowStep]],
    hours: [String: BusinessHours] = [:]
  ) {
    self.name = name
    self.language = language
    self.start = start
    self.blocks = blocks
    self.hours = hours
  }

  /// Whether steps lead to its own blocks and business hours only.
  package func knows(_ steps: [FlowStep]) -> Bool {
    steps.allSatisfy { step in
      if case .hours(let name, _, _) = step, hours[name] == nil { return false }
      return step.targets.allSatisfy { blocks[$0] != nil }
    }
  }

  /// Business hours that a step wants and nobody wrote, by block.
  package var missingHours: [(block: String, name: String)] {
    blocks.sorted { $0.key < $1.key }.flatMap { block, steps in
      steps.compactMap { step in
        if case .hours(let name, _, _) = step, hours[name] == nil { (block, name) } else { nil }
      }
    }
  }

  /// Whom it asks for steps.
  package var hooks: [FlowHook] {
    blocks.sorted { $0.key < $1.key }.flatMap(\.value).compactMap { step in
      if case .consult(let hook) = step { hook } else { nil }
    }
  }

  /// What its steps lead to that is not there, by block.
  package var danglingTargets: [(block: String, target: String)] {
    let steps = blocks.sorted { $0.key < $1.key }
    var found = steps.flatMap { block, steps in
      steps.flatMap(\.targets).filter { blocks[$0] == nil }.map { (block, $0) }
    }
    if blocks[start] == nil { found.insert(("start", start), at: 0) }
    return found
  }

  /// The prompts that it names itself; those of values come on top.
  package var promptNames: Set<String> {
    Set(blocks.values.joined().flatMap(\.parts).compactMap { if case .prompt(let name) = $0 { name } else { nil } })
  }

  /// Blocks that no step leads to.
  package var unreachableBlocks: [String] {
    var reached: Set<String> = []
    var next = [start]
    while let block = next.popLast() {
      guard reached.insert(block).inserted else { continue }
      next += (blocks[block] ?? []).flatMap(\.targets)
    }
    return blocks.keys.filter { !reached.contains($0) }.sorted()
  }
}
