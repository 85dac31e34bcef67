import Training

extension ContrastTask.Negatives {
  /// What a batch is grouped by, so that there are negatives in it; `nil` where any will do.
  var unit: BatchGrouping.Unit? {
    switch self {
    case .all: nil
    case .sameSubject: .subject
    case .sameRecording: .recording
    }
  }

  /// A number for what each window is told apart within.
  ///
  /// - Parameter order: Positions in the batch.
  func groups(_ windows: PretextWindows, _ order: [Int]) -> [Int] {
    switch self {
    case .all: [Int](repeating: 0, count: order.count)
    case .sameSubject: windows.subjectNumbers(order)
    case .sameRecording: windows.recordingNumbers(order)
    }
  }
}
