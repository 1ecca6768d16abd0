import ArgumentParser
import Runtime

struct RecordingsDecrypt: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decrypt", abstract: "Write plain files of sealed ones, without a server.",
    discussion: "For files that were copied away. From a running server 'recordings export' gives plain files at once.")

  @Argument(help: "Sealed files of an archive.") var files: [String]
  @Option(help: "Directory to write to; files that are there already stay as they are.") var to: String
  @Option(help: "The file of keys.") var keys: String?
  @Option(help: "The YAML file that names the keys.") var config: String?

  func run() throws {
    let known: ArchiveKeys
    if let keys {
      guard let text = Environment.process.read(keys) else {
        throw ValidationError("'\(keys)' cannot be read; check its path and permissions")
      }
      do { known = try ArchiveKeys(text: text) } catch { throw ValidationError("'\(keys)' \(error)") }
    } else {
      known = try ConfigurationFile.read(config).recording.keys
    }
    var failed = false
    for file in files {
      do throws(SystemError) { print(try SealedCopy.write(file, to: to, keys: known)) } catch {
        print("\(file): \(error)")
        failed = true
      }
    }
    if failed { throw ExitCode(1) }
  }
}
