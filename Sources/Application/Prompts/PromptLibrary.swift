import Audio

/// The prompts in memory, by language and name. A value: a reload replaces it whole, plays that run keep theirs.
package struct PromptLibrary: Sendable {
  private var clips: [String: [String: AudioClip]]
  /// Used for what another language lacks.
  private let fallback: String

  package init(clips: [String: [String: AudioClip]], fallback: String = "en") {
    self.clips = clips
    self.fallback = fallback
  }

  /// The clip in the language asked for, or in the fallback's; nil if neither has it.
  package func clip(_ name: String, language: String) -> AudioClip? {
    clips[language]?[name] ?? clips[fallback]?[name]
  }

  package mutating func add(_ clip: AudioClip, name: String, language: String) {
    clips[language, default: [:]][name] = clip
  }

  /// The first of the languages wanted, or a kind of it, that prompts are there in.
  package func language(like tags: [String]) -> String? {
    let known = languages
    for tag in tags {
      if let same = known.first(where: { $0 == tag || $0.hasPrefix(tag + "_") || $0.hasPrefix(tag + "-") }) {
        return same
      }
    }
    return nil
  }

  package var languages: [String] { clips.keys.sorted() }

  package var descriptions: [PromptDescription] {
    clips.keys.sorted().flatMap { language in
      (clips[language] ?? [:]).sorted { $0.key < $1.key }.map { name, clip in
        PromptDescription(
          name: name, language: language,
          duration: clip.sampleRate > 0 ? Double(clip.samples.count) / Double(clip.sampleRate) : 0)
      }
    }
  }
}
