// Split vector quantisation of line spectral frequencies, without memory (RFC 3951, section 3.2.4).

extension ILBCLineSpectrum {
  /// The nearest spectrum that can be sent, and its three codes: 6, 7 and 7 bits.
  var quantised: (ILBCLineSpectrum, InlineArray<3, UInt8>) {
    let codes: InlineArray<3, UInt8> = [
      nearest(ILBCSpectrumTable.low, vectors: 64, first: 0, dimensions: 3),
      nearest(ILBCSpectrumTable.middle, vectors: 128, first: 3, dimensions: 3),
      nearest(ILBCSpectrumTable.high, vectors: 128, first: 6, dimensions: 4),
    ]
    return (ILBCLineSpectrum(codes: codes), codes)
  }

  init(codes: InlineArray<3, UInt8>) {
    self.init()
    take(ILBCSpectrumTable.low, vector: Int(codes[0] & 63), first: 0, dimensions: 3)
    take(ILBCSpectrumTable.middle, vector: Int(codes[1] & 127), first: 3, dimensions: 3)
    take(ILBCSpectrumTable.high, vector: Int(codes[2] & 127), first: 6, dimensions: 4)
  }

  private mutating func take(_ codebook: [Float], vector: Int, first: Int, dimensions: Int) {
    for index in 0..<dimensions { frequencies[first &+ index] = codebook[vector &* dimensions &+ index] }
  }

  private func nearest(_ table: [Float], vectors: Int, first: Int, dimensions: Int) -> UInt8 {
    let codebook = table.span
    var best = 0
    var least = Float(1.0e37)
    for vector in 0..<vectors {
      var distance: Float = 0
      for index in 0..<dimensions {
        let difference = frequencies[first &+ index] - codebook[vector &* dimensions &+ index]
        distance += difference * difference
      }
      if distance < least { (best, least) = (vector, distance) }
    }
    return UInt8(truncatingIfNeeded: best)
  }
}
