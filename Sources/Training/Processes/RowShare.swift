public import Tensors

/// The rows of a batch that one process of a group has: row `i` is of process `i` modulo their number. A process alone has all.
///
/// Two kinds of tensors pass: those that are the same on all processes, and those of a process's own rows. What is computed from own rows and
/// ``joined(_:)`` again is the same on all.
public struct RowShare: Sendable {
  /// Rows of the batch.
  public let count: Int
  private let group: ProcessGroup?

  /// - Parameters:
  ///   - group: The processes; this one alone where `nil`.
  ///   - evenly: Whether rows are divided only where all processes have equally many: then blocks of so many rows, one behind the other, are
  ///     divided as each of them is.
  public init(of count: Int, in group: ProcessGroup?, evenly: Bool = false) {
    self.count = count
    // Batch norm wants two rows of a process at least.
    let divides = group.map { count >= 2 * $0.count && (!evenly || count.isMultiple(of: $0.count)) } ?? false
    self.group = divides ? group : nil
  }

  /// Whether this process has all rows, as there is no other, or there are too few.
  public var isWhole: Bool { group == nil }

  /// This process's rows.
  public var positions: [Int] {
    group.map { Array(stride(from: $0.rank, to: count, by: $0.count)) } ?? Array(0..<count)
  }

  /// Whether a row is this process's.
  public func has(_ row: Int) -> Bool { group.map { row % $0.count == $0.rank } ?? true }

  /// This process's of what there is for each row.
  public func own<Element>(_ all: [Element]) -> [Element] { isWhole ? all : positions.map { all[$0] } }

  /// This process's rows of a tensor.
  public func own(_ rows: Tensor) throws -> Tensor {
    isWhole ? rows : try rows.select(0, indices: places(rows.device))
  }

  /// Own rows in their places among all of the batch, with zeros for those of others, which nobody is to read.
  public func spread(_ own: Tensor) throws -> Tensor {
    isWhole ? own : try own.placed(at: places(own.device), of: count)
  }

  /// All processes' rows, in the batch's order. The gradient of a row that is this process's own is the sum of all processes' gradients of it.
  public func joined(_ own: Tensor) throws -> Tensor {
    guard let group else { return own }
    let (count, device) = (count, own.device)
    let most = (count + group.count - 1) / group.count
    let all = try LibTorch.withoutGradients {
      let value = try own.detach()
      let lacking = most - value.shape[0]
      let padded =
        try lacking == 0
        ? value
        : .concatenate(
          [value, .zeros([lacking] + value.shape.dropFirst(), dtype: value.dtype, device: device)], axis: 0)
      return try group.gathered(padded).transposed(0, 1).reshaped([most * group.count] + value.shape.dropFirst())
        .narrowed(0, 0..<count).contiguous()
    }
    return try .custom(all, of: [own]) { gradient in
      let total = try gradient.contiguous().clone()
      try group.sum(total)
      return [try total.select(0, indices: places(device))]
    }
  }

  /// The sum of all processes' values. The gradient of each is that of the sum as often as there are processes, of which a
  /// ``Tensors/GradientReducer`` takes the mean.
  public func total(_ own: Tensor) throws -> Tensor {
    guard let group else { return own }
    let sum = try own.detach().clone()
    try group.sum(sum)
    return try .custom(sum, of: [own]) { [try $0 * Double(group.count)] }
  }

  private func places(_ device: Device) throws -> Tensor { try Tensor(positions.map(Int64.init)).to(device) }
}
