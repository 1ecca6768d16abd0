import Audio

/// Sums over whole frames that lie in arrays. The arrays come as parameters of their own because a mutable span of one
/// property of a struct locks all the others.
enum FrameArithmetic {
  static func clear(_ sums: inout [Int32], count: Int) {
    var target = sums.mutableSpan
    for index in 0..<min(count, target.count) { target[index] = 0 }
  }

  static func copy(_ source: [Int32], into sums: inout [Int32], count: Int) {
    let values = source.span
    var target = sums.mutableSpan
    for index in 0..<min(count, values.count, target.count) { target[index] = values[index] }
  }

  static func add(_ source: [Int32], into sums: inout [Int32], count: Int) {
    let values = source.span
    var target = sums.mutableSpan
    for index in 0..<min(count, values.count, target.count) { target[index] &+= values[index] }
  }

  /// Adds `count` samples from `start` on.
  static func add(_ samples: [Int16], from start: Int, into sums: inout [Int32], count: Int) {
    var target = sums.mutableSpan
    Mixing.add(samples.span.extracting(start..<start + count), into: &target)
  }

  /// Everybody's sum without the `count` samples from `start` on.
  static func difference(
    _ all: [Int32], minus samples: [Int16], from start: Int, into sums: inout [Int32], count: Int
  ) {
    var target = sums.mutableSpan
    Mixing.difference(
      all.span.extracting(first: count), minus: samples.span.extracting(start..<start + count), into: &target)
  }

  static func apply(_ gain: GainStep, to sums: inout [Int32], count: Int) {
    if gain == .unity { return }
    var target = sums.mutableSpan
    gain.apply(to: &target, count: count)
  }

  static func add(_ samples: [Int16], gain: GainStep, into sums: inout [Int32], count: Int) {
    var target = sums.mutableSpan
    gain.add(samples.span.extracting(first: count), into: &target)
  }

  static func limit(_ sums: [Int32], by limiter: inout SoftLimiter, into output: inout [Int16], count: Int) {
    var target = output.mutableSpan
    var part = target._mutatingExtracting(first: count)
    limiter.process(sums.span.extracting(first: count), into: &part)
  }

  /// The `count` samples from `start` on become the first ones.
  static func moveUp(_ samples: inout [Int16], from start: Int, count: Int) {
    var span = samples.mutableSpan
    for index in 0..<count { span[index] = span[index &+ start] }
  }
}
