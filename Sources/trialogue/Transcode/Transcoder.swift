import Audio
import Codecs
import Foundation

/// Transcodes one file in pieces: a file of any length needs the same memory.
struct Transcoder {
  /// Octets that are read at a time.
  static let block = 1 << 18
  /// Samples that go through the chain at a time.
  private static let enough = 65_536

  private let job: TranscodeJob
  private var chain: SampleChain?
  private var sink: (any SampleSink)?
  private var outputForm: FileForm?
  private var outputRate = 0
  private var outputChannels = 1
  private var levels = LevelTally()
  private var octets: [UInt8] = []
  private var converted: [Int16] = []
  private var written = 0

  /// Writes the output, or leaves nothing behind and says why not.
  /// - Parameter hasRead: is told the octets of each piece of the input.
  static func run(_ job: TranscodeJob, hasRead: @Sendable (Int) -> Void = { _ in }) async -> TranscodeReport {
    var report = TranscodeReport(input: job.input, output: job.target.path)
    let start = ContinuousClock.now
    var transcoder = Transcoder(job)
    do { try await transcoder.run(into: &report, hasRead: hasRead) } catch { report.error = error.description }
    let elapsed = ContinuousClock.now - start
    report.seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    report.speed = report.duration.map { $0 / max(report.seconds, 1e-6) }
    return report
  }

  private init(_ job: TranscodeJob) { self.job = job }

  private mutating func run(
    into report: inout TranscodeReport, hasRead: @Sendable (Int) -> Void
  ) async throws(TranscodeFailure) {
    if Task.isCancelled { throw TranscodeFailure(job.input, "given up before its beginning") }
    let input = try InputFile(job.input)
    var piece = try input.read(Transcoder.block)
    guard !piece.isEmpty else { throw TranscodeFailure(job.input, "at octet 0: the file is empty. Have it made again") }
    var source = try SourceChoice.source(job.input, start: piece, target: job.target)
    let output = try PartialFile(job.target.path, force: job.target.settings.force)
    do throws(TranscodeFailure) {
      var samples: [Int16] = []
      while true {
        let next = try piece.count < Transcoder.block ? [] : input.read(Transcoder.block)
        source.append(piece, isLast: next.isEmpty)
        hasRead(piece.count)
        // Who wants to stop this gets a thread to do so.
        await Task.yield()
        var goesOn = true
        while goesOn {
          do throws(AudioFileError) { goesOn = try source.decode(into: &samples) } catch {
            throw TranscodeFailure(job.input, error)
          }
          if samples.count >= Transcoder.enough || !goesOn { try pass(&samples, from: source, to: output) }
          if Task.isCancelled { throw TranscodeFailure(job.input, "given up before its end") }
        }
        if next.isEmpty { break }
        piece = next
      }
      try finish(source, output, input.offset, into: &report)
    } catch {
      output.discard()
      throw error
    }
  }

  /// Sends what was decoded down the chain.
  private mutating func pass(
    _ samples: inout [Int16], from source: any SampleSource, to output: PartialFile
  ) throws(TranscodeFailure) {
    if sink == nil, let form = source.form { try begin(form, source) }
    guard chain != nil else { return }
    if chain?.isIdle ?? false {
      code(samples)
    } else {
      chain?.process(samples, into: &converted)
      codeConverted()
    }
    samples.removeAll(keepingCapacity: true)
    if octets.count >= PartialFile.block { try flush(to: output) }
  }

  /// Codes what the chain gave.
  private mutating func codeConverted() {
    // Out of `self` as long as it is worked on.
    var samples: [Int16] = []
    swap(&samples, &converted)
    code(samples)
    samples.removeAll(keepingCapacity: true)
    swap(&samples, &converted)
  }

  private mutating func code(_ samples: [Int16]) {
    levels.measure(samples.span)
    sink?.append(samples.span, into: &octets)
  }

  private mutating func begin(_ form: FileForm, _ source: any SampleSource) throws(TranscodeFailure) {
    let target = job.target
    let outputForm = target.form(inputRate: source.sampleRate, inputChannels: source.channels)
    outputRate = target.encoderRate(outputForm, inputRate: source.sampleRate)
    outputChannels = outputForm.format.channels
    chain = SampleChain(
      inputRate: source.sampleRate, inputChannels: source.channels, outputRate: outputRate,
      outputChannels: outputChannels)
    guard chain != nil else {
      throw TranscodeFailure(
        job.input,
        "\(source.sampleRate) Hz cannot be made \(outputRate) Hz here: the rates are "
          + "\(Resampler.rates.map(String.init).joined(separator: ", ")) Hz")
    }
    self.outputForm = outputForm
    if outputForm.isLinear {
      sink = LinearSink(
        sampleRate: outputRate, channels: outputChannels, isHeadless: outputForm.container == .headless)
    } else {
      do { sink = try CodedSink(outputForm, sampleRate: outputRate, settings: target.settings) } catch {
        throw TranscodeFailure(target.path, "the encoder of \(target.codec.rawValue) refuses: \(error)")
      }
    }
    sink?.start(into: &octets)
  }

  private mutating func finish(
    _ source: any SampleSource, _ output: PartialFile, _ offset: Int, into report: inout TranscodeReport
  ) throws(TranscodeFailure) {
    guard let inputForm = source.form, let outputForm, sink != nil else {
      throw TranscodeFailure(job.input, AudioFileError(.cutShort("its header"), at: offset))
    }
    chain?.finish(into: &converted)
    codeConverted()
    sink?.finish(into: &octets)
    try flush(to: output)
    try output.finish(sink?.patches ?? [])
    let duration = Double(levels.count / outputChannels) / Double(max(outputRate, 1))
    report.inputFormat = TranscodeReport.Form(inputForm)
    report.outputFormat = TranscodeReport.Form(
      outputForm, bitRate: duration > 0 ? Int(Double(written) * 8 / duration) : nil)
    report.duration = duration
    report.peak = levels.peakLevel
    report.rms = levels.level
    report.clipped = levels.clipped
    report.warnings = source.warnings + (levels.count == 0 ? ["The file holds no samples"] : [])
  }

  private mutating func flush(to output: PartialFile) throws(TranscodeFailure) {
    try output.write(octets)
    written += octets.count
    octets.removeAll(keepingCapacity: true)
  }
}
