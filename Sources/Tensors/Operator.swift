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
  ///   - name: Without its namespace: `conv1d`.
  ///   - overload: Behind the dot in the schema's name: `Tensor` of `add.Tensor`.
  public init(_ name: String, _ overload: String = "") {
    self.name = overload.isEmpty ? name : "\(name).\(overload)"
    found = Self.find(name, overload)
  }

  private static func find(_ name: String, _ overload: String) -> Result<OpaquePointerBox, TensorError> {
    do {
      let table = try ct
      var pointer: ct_operator?
      guard table.find_operator("aten::" + name, overload, &pointer) == 0, let pointer else {
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
    let pointer = try found.get().pointer
    let table = try ct
    return try withUnsafeTemporaryAllocation(of: ct_tensor?.self, capacity: Self.room) { results in
      var count: Int64 = 0
      let status = arguments.withValues {
        table.call(pointer, $0.baseAddress!, Int64($0.count), results.baseAddress!, Int64(Self.room), &count)
      }
      guard status == 0 else {
        throw TensorError.operation(
          name: name, shapes: arguments.shapes, message: String(cString: table.message()))
      }
      let tensors = results.prefix(Int(count)).compactMap { $0.map { Tensor(owning: $0) } }
      MultiplyAdds.current?.record(name, arguments, tensors)
      return tensors
    }
  }

  /// Calls an operator that gives one tensor.
  public func callAsFunction(_ arguments: Argument...) throws -> Tensor {
    guard let result = try results(arguments).first else {
      throw TensorError.operation(name: name, shapes: arguments.shapes, message: "no result")
    }
    return result
  }

  /// The most results that one operator may give (a split's parts).
  private static let room = 1024
}
