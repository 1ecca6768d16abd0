import Audio

/// Why a file could not be transcoded: a sentence with the file, the place, and what to do.
struct TranscodeFailure: Error, Hashable, Sendable, CustomStringConvertible {
  let path: String
  let text: String
  /// The command line is at fault, not the file.
  let isUsage: Bool

  init(_ path: String, _ text: String, isUsage: Bool = false) {
    self.path = path
    self.text = text
    self.isUsage = isUsage
  }

  /// What a reader found wrong.
  init(_ path: String, _ error: AudioFileError) {
    self.init(path, "\(error) \(TranscodeFailure.advice(error.reason))")
  }

  var description: String { "\(path): \(text)" }

  private static func advice(_ reason: AudioFileError.Reason) -> String {
    switch reason {
    case .notA: "If its name does not say what it holds, --from CODEC does"
    case .missing, .cutShort: "It is incomplete: fetch it again, or have it made again"
    case .badHeader:
      "Have it made again; where its samples are sound, --from CODEC --input-rate HZ reads all of it as headless"
    case .unsupported: "Store it as 16-bit PCM with the program that made it"
    case .badFrame: "The file is damaged there: fetch it again, or cut it off before that octet"
    case .tooLarge: "It is not what its name says, or badly damaged: fetch it again"
    }
  }
}
