/// The two inner loops of filtering, on raw pointers: bounds are checked once per call, and vectors are loaded whole.
/// Checked spans took 4 to 8 times as long for the inner product.
enum Convolution {
  /// `output[n] = Σ weights[k] · input[n + k]` for `count` outputs; the weights are a multiple of 8.
  ///
  /// The loop runs over outputs inside and weights outside: that becomes vector instructions without reordering sums.
  static func filter(
    _ input: Span<Float>, by weights: Span<Float>, count: Int, into output: inout MutableSpan<Float>
  ) {
    let taps = weights.count
    precondition(
      taps % 8 == 0 && count >= 0 && count <= output.count && count + taps - 1 <= input.count,
      "A filter's spans do not fit together.")
    unsafe input.withUnsafeBufferPointer { input in
      unsafe weights.withUnsafeBufferPointer { weights in
        unsafe output.withUnsafeMutableBufferPointer { output in
          guard count > 0, let x = input.baseAddress, let w = weights.baseAddress, let y = output.baseAddress
          else { return }
          for index in 0..<count { unsafe y[index] = 0 }
          var tap = 0
          while tap < taps {
            unsafe accumulate(x + tap, w + tap, count, y)
            tap &+= 8
          }
        }
      }
    }
  }

  /// Adds eight taps to every output.
  @inline(__always) private static func accumulate(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ count: Int, _ y: UnsafeMutablePointer<Float>
  ) {
    let (w0, w1, w2, w3) = unsafe (w[0], w[1], w[2], w[3])
    let (w4, w5, w6, w7) = unsafe (w[4], w[5], w[6], w[7])
    for n in 0..<count {
      let first = unsafe x[n] * w0 + x[n &+ 1] * w1 + x[n &+ 2] * w2 + x[n &+ 3] * w3
      let second = unsafe x[n &+ 4] * w4 + x[n &+ 5] * w5 + x[n &+ 6] * w6 + x[n &+ 7] * w7
      unsafe y[n] += first + second
    }
  }

  /// One inner product per output, for any ratio of rates: `bank` holds `up` phases of `taps` weights (a multiple of 8),
  /// and output n stands at input `(position + n · down) ÷ up`.
  static func interpolate(
    _ input: Span<Float>, bank: Span<Float>, taps: Int, up: Int, down: Int, position: Int, count: Int,
    into output: inout MutableSpan<Int16>
  ) {
    guard count > 0 else { return }
    precondition(
      taps > 0 && taps % 8 == 0 && bank.count == taps * up && position >= 0 && count <= output.count
        && (position + (count - 1) * down) / up + taps <= input.count, "A resampler's spans do not fit together.")
    let (step, rest) = down.quotientAndRemainder(dividingBy: up)
    unsafe input.withUnsafeBytes { input in
      unsafe bank.withUnsafeBytes { bank in
        guard let x = input.baseAddress, let w = bank.baseAddress else { return }
        var index = position / up
        var phase = position % up
        for place in 0..<count {
          let sum = unsafe product(x + index &* 4, w + phase &* taps &* 4, octets: taps &* 4)
          output[place] = Rounding.sample(sum)
          index &+= step
          phase &+= rest
          if phase >= up {
            phase &-= up
            index &+= 1
          }
        }
      }
    }
  }

  /// Four sums side by side: one alone would wait for itself at every step.
  @inline(__always) private static func product(
    _ x: UnsafeRawPointer, _ w: UnsafeRawPointer, octets: Int
  ) -> Float {
    var first = SIMD4<Float>.zero
    var second = SIMD4<Float>.zero
    var third = SIMD4<Float>.zero
    var fourth = SIMD4<Float>.zero
    var at = 0
    while at &+ 64 <= octets {
      unsafe first += fourfold(x + at, w + at)
      unsafe second += fourfold(x + (at &+ 16), w + (at &+ 16))
      unsafe third += fourfold(x + (at &+ 32), w + (at &+ 32))
      unsafe fourth += fourfold(x + (at &+ 48), w + (at &+ 48))
      at &+= 64
    }
    if at < octets {
      unsafe first += fourfold(x + at, w + at)
      unsafe second += fourfold(x + (at &+ 16), w + (at &+ 16))
    }
    let sum = (first + third) + (second + fourth)
    return (sum.x + sum.z) + (sum.y + sum.w)
  }

  @inline(__always) private static func fourfold(_ x: UnsafeRawPointer, _ w: UnsafeRawPointer) -> SIMD4<Float> {
    unsafe x.loadUnaligned(as: SIMD4<Float>.self) * w.loadUnaligned(as: SIMD4<Float>.self)
  }
}
