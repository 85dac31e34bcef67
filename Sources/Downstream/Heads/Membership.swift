import Tensors

/// Which window is of which class.
struct Membership {
  /// 1 where a window is of a class, `[windows, classes]`.
  let table: Tensor
  /// Windows of each class.
  let counts: [Int]

  /// - Parameter labels: -1 of a window that is of no known class.
  init(_ labels: [Int], classes: Int, device: Device) throws {
    var values = [Float](repeating: 0, count: labels.count * classes)
    var counts = [Int](repeating: 0, count: classes)
    for (window, label) in labels.enumerated() where label >= 0 {
      values[window * classes + label] = 1
      counts[label] += 1
    }
    table = try Tensor(values, shape: [labels.count, classes]).to(device)
    self.counts = counts
  }

  /// 1 for each class that has a window, `[classes]`.
  func known() throws -> Tensor { try Tensor(counts.map { $0 > 0 ? Float(1) : 0 }).to(table.device) }

  /// Windows of each class, and 1 of a class without any, `[classes, 1]`.
  func divisors() throws -> Tensor {
    try Tensor(counts.map { Float(max(1, $0)) }, shape: [counts.count, 1]).to(table.device)
  }
}

extension Tensor {
  /// These scores, `[windows, classes]`, with the lowest for each class that is not known.
  ///
  /// - Parameter known: `[classes]`, 0 where a class is not.
  func lowest(where known: Tensor) throws -> Tensor { try filled(with: Nearness.lowest, where: known.equals(0)) }
}
