import Application
import Audio
import Foundation

/// Loads prompts from `DIRECTORY/LANGUAGE/NAME.wav`, or from a recorded set by the names that the operator gives.
struct PromptFiles {
  var directory: String
  var names: [String: String]

  /// Every clip that could be read, and a sentence for each that could not.
  func load(fallback: String) -> (library: PromptLibrary, problems: [String]) {
    var library = PromptLibrary(clips: [:], fallback: fallback)
    var problems: [String] = []
    let files = FileManager.default
    guard let languages = try? files.contentsOfDirectory(atPath: directory) else {
      return (
        library, ["prompts: the directory '\(directory)' cannot be read; run 'make prompts' or set prompts.directory"]
      )
    }
    let ours = Dictionary(grouping: names.keys, by: { names[$0] ?? $0 })
    for language in languages.sorted() {
      guard let entries = try? files.contentsOfDirectory(atPath: "\(directory)/\(language)") else { continue }
      for entry in entries.sorted() where entry.hasSuffix(".wav") {
        let path = "\(directory)/\(language)/\(entry)"
        let file = String(entry.dropLast(4))
        guard let data = files.contents(atPath: path) else {
          problems.append("prompts: '\(path)' cannot be read; check its permissions")
          continue
        }
        do {
          let clip = try WAVReader.parse([UInt8](data), name: file)
          // A name of ours that stands for another file is not this one's.
          for name in ours[file] ?? (names[file] == nil ? [file] : []) {
            library.add(clip, name: name, language: language)
          }
        } catch {
          problems.append("prompts: '\(path)' is no WAV that can be played: \(error)")
        }
      }
    }
    for name in RequiredPrompts.names where library.clip(name, language: fallback) == nil {
      problems.append("prompts: '\(name)' is missing in '\(directory)/\(fallback)'; callers will hear nothing there")
    }
    return (library, problems)
  }
}

/// The prompts that the server's own services use.
enum RequiredPrompts {
  static let names = [
    "welcome", "only-participant", "enter-room-number", "enter-pin", "invalid-room", "invalid-pin", "goodbye",
    "room-locked", "room-full", "you-are-moderator", "recording-notice", "recording-stopped", "recording-paused",
    "recording-resumed", "recording-keys", "muted", "unmuted", "muted-by-moderator", "unmuted-by-moderator",
    "all-muted", "all-unmuted", "masked", "unmasked", "keys-help", "keys-help-moderator", "locked", "unlocked",
    "removed", "now-joining-specialist", "specialist-unavailable", "service-unavailable", "announcement-demo",
    "echo-intro", "callers-talk",
  ]
}
