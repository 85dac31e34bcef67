import CTorch
import Foundation

/// An operator of LibTorch's ATen library, found by its schema's name and overload.
///
/// All operators are called the same way, so a new one is one line where it is used:
/// ```swift
/// private static let gelu = Operator("gelu")
/// try Self.gelu(x, approximate: "tanh")
/// ```
public struct Operator: Sendable {
  private let name: String
  private let found: Result<OpaquePointerBox, TensorError>

  private struct OpaquePointerBox: @unchecked Sendable { let pointer: ct_operator }

  /// - Parameters:
  ///   - name: Without its namespace where that is ATen's: `conv1d`; ours are `ssrm::…`.
  ///   - overload: Behind the dot in the schema's name: `Tensor` of `add.Tensor`.
  public init(_ name: String, _ overload: String = "") {
    self.name = overload.isEmpty ? name : "\(name).\(overload)"
    found = Self.find(name, overload)
  }

  private static func find(_ name: String, _ overload: String) -> Result<OpaquePointerBox, TensorError> {
    do {
      let table = try ct
      var pointer: ct_operator?
      guard table.find_operator(name.contains("::") ? name : "aten::" + name, overload, &pointer) == 0, let pointer
      else {
        return .failure(.operation(name: name, shapes: [], message: String(cString: table.message())))
      }
      return .success(OpaquePointerBox(pointer: pointer))
    } catch {
      return .failure(.invalid(error.localizedDescription))
    }
  }

  /// Calls the operator; arguments left out at the end take the schema's defaults.
  ///
  /// - Returns: Every tensor that it gives, in order; an undefined one is left out.
  /// - Throws: ``TensorError/operation(name:shapes:message:)``.
  public func results(_ arguments: [Argument]) throws -> [Tensor] {
    let tensors = try call(arguments, room: Self.room) { results in
      results.compactMap { $0.map { Tensor(owning: $0) } }
    }
    OperatorObservation.current?.record(name, arguments, tensors)
    return tensors
  }

  /// Calls `body` with the handles of the results, which it takes over.
  private func call<Result>(
    _ arguments: [Argument], room: Int, _ body: (Slice<UnsafeMutableBufferPointer<ct_tensor?>>) throws -> Result
  ) throws -> Result {
    let pointer = try found.get().pointer
    let table = try ct
    return try withUnsafeTemporaryAllocation(of: ct_tensor?.self, capacity: room) { results in
      var count: Int64 = 0
      let status = arguments.withValues {
        table.call(pointer, $0.baseAddress!, Int64($0.count), results.baseAddress!, Int64(room), &count)
      }
      guard status == 0 else {
        throw TensorError.operation(
          name: name, shapes: arguments.shapes, message: String(cString: table.message()))
      }
      return try body(results.prefix(Int(count)))
    }
  }

  /// Calls an operator and gives its first result.
  public func callAsFunction(_ arguments: Argument...) throws -> Tensor {
    var first: Tensor?
    try call(arguments, room: Self.fewResults) { results in
      for case let handle? in results {
        let tensor = Tensor(owning: handle)
        if first == nil { first = tensor }
      }
    }
    guard let first else {
      throw TensorError.operation(name: name, shapes: arguments.shapes, message: "no result")
    }
    OperatorObservation.current?.record(name, arguments, [first])
    return first
  }

  /// The most results that one operator may give (a split's parts).
  private static let room = 1024
  /// The most results that one operator may give of which the first is wanted: what the stack has room for.
  private static let fewResults = 16
}
