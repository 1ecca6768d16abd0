/// Why a file cannot be read as WAV. It costs a prompt, nothing else.
package enum WAVError: Error, Sendable, Hashable {
  case notRIFF
  case noFormat
  case noData
  case unsupported(format: Int, bits: Int)
  case badFormat(String)
  case tooLarge
}
