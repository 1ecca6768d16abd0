import ArgumentParser
import Foundation

struct TranscodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transcode", abstract: "Convert files of sound between all codecs.",
    discussion: """
      Inputs are known by their content, then by their ending; outputs by their ending: \(FileEnding.names).
        trialogue transcode in.wav out.opus --bit-rate 24000
        trialogue transcode call.g722 call.wav
        trialogue transcode in.wav out.wav --codec pcmu
        trialogue transcode trunk.bin trunk.wav --from aal2-g726-32
        trialogue transcode *.wav --to prompts --codec g722 --jobs 4
      """)
  @Argument(help: "IN and OUT; with --to, inputs only.") var files: [String]
  @Option(help: "Directory to write all files to, named like the inputs.") var to: String?
  @Option(help: "Coding of the output: \(CodecChoice.names).") var codec: CodecChoice?
  @Option(help: "Hertz of the output, else the input's as near as the codec can.") var rate: Int?
  @Option(help: "Bit/s: Opus, Speex, AMR.") var bitRate: Int?
  @Option(help: "Effort of the encoder: Opus 0 to 10, Speex 1 to 10.") var complexity: Int?
  @Option(help: "Milliseconds of a frame: Opus 10, 20, 40, 60; iLBC 20, 30.") var frame: Int?
  @Option(help: "2 keeps stereo where both files can: WAV, Opus, headless PCM; else all is mixed down to mono.")
  var channels = 1
  @Option(help: "What headless inputs hold, where their ending does not say it.") var from: CodecChoice?
  @Option(help: "Hertz of headless PCM inputs.") var inputRate: Int?
  @Option(help: "Files at a time.") var jobs = 1
  @Flag(help: "Overwrite files that are there.") var force = false
  @Flag(help: "Print a report as JSON.") var json = false

  func validate() throws {
    guard to != nil || files.count == 2 else {
      throw ValidationError("Name one input and one output, or inputs and --to DIRECTORY")
    }
    guard to == nil || !files.isEmpty else { throw ValidationError("Name the files to convert") }
    guard to == nil || codec != nil else { throw ValidationError("--to wants --codec: \(CodecChoice.names)") }
    guard (1...2).contains(channels) else { throw ValidationError("--channels is 1 or 2") }
    guard (1...64).contains(jobs) else { throw ValidationError("--jobs is 1 to 64") }
    if let bitRate, bitRate <= 0 { throw ValidationError("--bit-rate is in bit/s") }
    if let inputRate, !(1_000...384_000).contains(inputRate) {
      throw ValidationError("--input-rate is 1000 to 384000 Hz")
    }
    do { _ = try plan() } catch { throw ValidationError(error.description) }
  }

  private var settings: TranscodeSettings {
    TranscodeSettings(
      codec: codec, rate: rate, bitRate: bitRate, complexity: complexity, frame: frame, channels: channels,
      inputCodec: from, inputRate: inputRate, force: force)
  }

  /// What is to be done.
  func plan() throws(TranscodeFailure) -> [TranscodeJob] {
    guard let to, let codec else {
      guard let input = files.first, let output = files.last else { return [] }
      try TranscodeCommand.check(input, output)
      return [TranscodeJob(input: input, target: try OutputTarget(path: output, settings: settings))]
    }
    var taken: [String: String] = [:]
    var jobs: [TranscodeJob] = []
    for input in files {
      let stem = URL(filePath: input).deletingPathExtension().lastPathComponent
      let output = "\(to)/\(stem).\(codec.ending)"
      if let other = taken.updateValue(input, forKey: output) {
        throw TranscodeFailure(
          output, "both \(other) and \(input) would be written there: convert them into two directories", isUsage: true)
      }
      try TranscodeCommand.check(input, output)
      jobs.append(TranscodeJob(input: input, target: try OutputTarget(path: output, settings: settings)))
    }
    return jobs
  }

  private static func check(_ input: String, _ output: String) throws(TranscodeFailure) {
    guard URL(filePath: input).standardizedFileURL != URL(filePath: output).standardizedFileURL else {
      throw TranscodeFailure(output, "a file cannot be converted into itself: write to another", isUsage: true)
    }
  }

  func run() async throws {
    let plan = try plan()
    if let to, (try? FileManager.default.createDirectory(atPath: to, withIntermediateDirectories: true)) == nil {
      throw ValidationError("--to '\(to)' cannot be made: check its permissions")
    }
    let bar = ProgressBar(total: plan.reduce(0) { $0 + TranscodeCommand.size($1.input) }, isShown: !json)
    // Who interrupts finds no half files.
    let signals = SignalStream([SIGTERM, SIGINT])
    let stream = signals.stream
    let batch = Task { [jobs] in await TranscodeBatch.run(plan, jobs: jobs) { bar.advance($0) } }
    let watch = Task { for await _ in stream { batch.cancel() } }
    let reports = await batch.value
    watch.cancel()
    signals.cancel()
    bar.clear()
    for report in reports {
      for warning in report.warnings { ConfigurationFile.complain("\(report.input): \(warning)") }
      if let error = report.error { ConfigurationFile.complain(error) }
      if !json, report.error == nil { print(report.text) }
    }
    if json { print(try TranscodeCommand.text(reports)) }
    if reports.contains(where: { $0.error != nil }) { throw ExitCode(1) }
  }

  private static func text(_ reports: [TranscodeReport]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(["files": reports]), as: UTF8.self)
  }

  private static func size(_ path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.intValue ?? 0
  }
}
