extension EDFFile {
  /// Length of the recording on the clock, gaps counted.
  var clockSeconds: Double { (recordOnsets?.last).map { $0 + header.recordSeconds } ?? storedSeconds }
}
