extension OggOpusWriter {
  /// For a file that lost its writer: keeps everything up to the last page with a good checksum, and marks it as the end.
  ///
  /// `tail` is the end of the file, or all of it; `offset` is where it starts in the file. 256 KiB always hold a page. Nil
  /// if no page is found.
  package static func repair(tail: [UInt8], offset: Int = 0) -> FileRepair? {
    let span = tail.span
    var place = 0
    var last: (page: OggPage, start: Int)?
    while place + OggPage.headerCount <= tail.count {
      if span[place] == 0x4F, let page = OggPage.parse(span, at: place) {
        last = (page, place)
        place = page.body.upperBound
      } else {
        place += 1
      }
    }
    guard let last else { return nil }
    let end = last.page.body.upperBound
    var patches: [FilePatch] = []
    if !last.page.isLast {
      var bytes = Array(tail[last.start..<end])
      bytes[5] |= 4
      OggCRC.seal(&bytes)
      patches.append(FilePatch(offset: offset + last.start, bytes: Array(bytes[0..<OggPage.headerCount])))
    }
    return FileRepair(length: offset + end, patches: patches, frames: Int(clamping: max(last.page.granule, 0)))
  }
}
