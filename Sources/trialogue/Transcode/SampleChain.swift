import Audio

/// Makes of a source's samples those that an output wants: mixes its channels down, changes the rate and cuts the
/// filter's delay off again, so that nothing becomes longer, shorter or later.
struct SampleChain {
  private let inputChannels: Int
  private let outputChannels: Int
  private let inputRate: Int
  private let outputRate: Int
  /// One a channel; none if the rate stays.
  private var resamplers: [Resampler] = []
  /// Samples of each channel still to be cut off.
  private var late = 0
  /// Samples of each channel so far.
  private var taken = 0
  private var given = 0
  private var channel: [Int16] = []
  private var converted: [Int16] = []

  /// Rates in hertz; nil if they differ and one of them cannot be resampled. One output channel, or as many as the
  /// input has.
  init?(inputRate: Int, inputChannels: Int, outputRate: Int, outputChannels: Int) {
    self.inputRate = inputRate
    self.outputRate = outputRate
    self.inputChannels = max(inputChannels, 1)
    self.outputChannels = outputChannels == inputChannels ? max(outputChannels, 1) : 1
    guard inputRate != outputRate else { return }
    guard Resampler.isSupported(inputRate), Resampler.isSupported(outputRate) else { return nil }
    let resampler = Resampler(from: inputRate, to: outputRate)
    resamplers = Array(repeating: resampler, count: self.outputChannels)
    late = resampler.latency
  }

  /// Whether samples come out as they go in.
  var isIdle: Bool { resamplers.isEmpty && inputChannels == outputChannels }

  /// Appends what whole sample frames give.
  mutating func process(_ samples: [Int16], into output: inout [Int16]) {
    let frames = samples.count / inputChannels
    taken += frames
    if isIdle {
      output += samples
      return
    }
    if outputChannels == 1 {
      if inputChannels == 1 { return convert(samples.span, into: &output) }
      SampleChain.mix(samples.span, inputChannels, into: &channel)
      if resamplers.isEmpty {
        output += channel
      } else {
        let mixed = channel
        convert(mixed.span, into: &output)
      }
      return
    }
    convertChannels(samples, frames, into: &output)
  }

  /// Appends what the filter still holds.
  mutating func finish(into output: inout [Int16]) {
    guard let resampler = resamplers.first else { return }
    let wanted = (taken * outputRate + inputRate / 2) / inputRate
    let silence = (resampler.latency + 2) * inputRate / outputRate + 2
    let start = output.count
    let before = given
    process(Array(repeating: 0, count: silence * inputChannels), into: &output)
    let surplus = given - max(wanted, before)
    if surplus > 0 { output.removeLast(min(surplus * outputChannels, output.count - start)) }
  }

  /// Mono.
  private mutating func convert(_ samples: Span<Int16>, into output: inout [Int16]) {
    let start = output.count
    let room = resamplers[0].outputCount(for: samples.count)
    output.append(contentsOf: repeatElement(0, count: room))
    do {
      var all = output.mutableSpan
      var span = all._mutatingExtracting(start..<start + room)
      _ = resamplers[0].process(samples, into: &span)
    }
    let cut = min(late, room)
    if cut > 0 { output.removeSubrange(start..<start + cut) }
    late -= cut
    given += room - cut
  }

  private mutating func convertChannels(_ samples: [Int16], _ frames: Int, into output: inout [Int16]) {
    let start = output.count
    let room = resamplers[0].outputCount(for: frames)
    let cut = min(late, room)
    output.append(contentsOf: repeatElement(0, count: (room - cut) * outputChannels))
    var (channel, converted) = ([Int16](), [Int16]())
    swap(&channel, &self.channel)
    swap(&converted, &self.converted)
    defer {
      swap(&channel, &self.channel)
      swap(&converted, &self.converted)
    }
    for number in 0..<outputChannels {
      channel.removeAll(keepingCapacity: true)
      for frame in 0..<frames { channel.append(samples[frame * inputChannels + number]) }
      converted.removeAll(keepingCapacity: true)
      converted.append(contentsOf: repeatElement(0, count: room))
      do {
        var span = converted.mutableSpan
        _ = resamplers[number].process(channel.span, into: &span)
      }
      for frame in cut..<room { output[start + (frame - cut) * outputChannels + number] = converted[frame] }
    }
    late -= cut
    given += room - cut
  }

  /// The mean of the channels.
  private static func mix(_ samples: Span<Int16>, _ channels: Int, into mixed: inout [Int16]) {
    let count = samples.count / channels
    mixed.removeAll(keepingCapacity: true)
    mixed.append(contentsOf: repeatElement(0, count: count))
    var output = mixed.mutableSpan
    if channels == 2 {
      for index in 0..<count {
        output[index] = Int16(
          truncatingIfNeeded: (Int32(samples[2 &* index]) &+ Int32(samples[2 &* index &+ 1])) &>> 1)
      }
      return
    }
    for index in 0..<count {
      var sum = 0
      for channel in 0..<channels { sum &+= Int(samples[index &* channels &+ channel]) }
      output[index] = Int16(clamping: sum / channels)
    }
  }
}
