import Conference

/// The examination of the whole archive: one at a time, beside everything else.
extension Archive {
  /// Begins one, unless one goes on. `head`: an end of the ledger that was noted before, and must still stand in it.
  package func verify(head: LedgerHead? = nil) {
    guard examination == nil else { return }
    let examiner = Examiner(archive: self, root: root, store: store, disk: disk, started: clock.timestamp, head: head)
    examination = Task {
      await examiner.run()
      await examined(examiner)
    }
    self.examiner = examiner
  }

  private func examined(_ examiner: Examiner) async {
    await examiner.close(at: clock.timestamp)
    examination = nil
  }

  /// How far the last one has come.
  package var verification: ArchiveVerification {
    get async {
      guard let examiner else { return ArchiveVerification(state: .none) }
      return await examiner.report
    }
  }

  /// Gives up the one that goes on.
  package func endVerification() async {
    examination?.cancel()
    await examination?.value
  }

  /// Waits for the one that goes on.
  package func verified() async -> ArchiveVerification {
    await examination?.value
    return await verification
  }

  /// Nothing can be said about it now: it is being made, or on its way to the disk.
  func isBusy(_ id: String) -> Bool {
    open[RecordingID(id)] != nil || pending[id] != nil || writing[id] != nil || unkept[id] != nil
  }
}
