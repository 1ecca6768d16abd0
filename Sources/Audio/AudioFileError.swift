/// Why a file of audio cannot be read, or not further, and where. It costs that file, nothing else.
package struct AudioFileError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Reason: Sendable, Hashable {
    /// The file does not begin like one of this kind.
    case notA(String)
    /// The file ends, or its samples begin, before this has come.
    case missing(String)
    /// A sentence about fields that contradict each other, or say what nobody plays.
    case badHeader(String)
    /// Samples stored in a way that is not known: the format's own number, bits of a sample or 0.
    case unsupported(format: Int, bits: Int)
    /// A frame of a type that does not exist.
    case badFrame(type: Int)
    /// The file ends inside this.
    case cutShort(String)
    /// A cap of the reader is passed; its sentence.
    case tooLarge(String)
  }

  package let reason: Reason
  /// Octets from the start of the file to what is wrong.
  package let offset: Int

  package init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  package var description: String { "at octet \(offset): \(sentence)" }

  private var sentence: String {
    switch reason {
    case .notA(let kind): "this is no \(kind) file."
    case .missing(let part): "the file has no \(part)."
    case .badHeader(let text), .tooLarge(let text): text
    case .unsupported(let format, 0): "samples of format \(format) are not read."
    case .unsupported(let format, let bits): "samples of format \(format) and \(bits) bits are not read."
    case .badFrame(let type): "there are no frames of type \(type)."
    case .cutShort(let part): "the file ends inside \(part)."
    }
  }
}
