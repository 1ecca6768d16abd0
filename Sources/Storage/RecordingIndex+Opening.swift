extension RecordingIndex {
  /// Opens the index at `path`, or makes an empty one in the place of one that is damaged or no index of ours: the files
  /// tell the same. Returns also where the former one was put, if it was.
  package static func open(path: String) throws -> (index: RecordingIndex, setAside: String?) {
    let (index, place) = try DamagedDatabase.replaced(at: path, open: RecordingIndex.init)
    return (index, place)
  }
}
