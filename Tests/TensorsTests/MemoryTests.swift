import Foundation
import Tensors
import Testing

@Suite("Memory", .serialized)
struct MemoryTests {
  static let margin = 64 << 20

  /// The process's resident bytes.
  static func residentBytes() throws -> Int {
    let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Runs `body` again and again and expects less to stay than if every run left one tensor, 256 MB or more in all. Other
  /// tests run at the same time and take memory of their own, so it may try again.
  func expectNoGrowth(times: Int = 10_000, _ body: () throws -> Void) throws {
    for _ in 0..<100 { try body() }
    var growth = Int.max
    for _ in 0..<3 where growth >= Self.margin {
      let before = try Self.residentBytes()
      for _ in 0..<times { try body() }
      growth = try Self.residentBytes() - before
    }
    #expect(growth < Self.margin)
  }

  @Test("Ten thousand small operations leave nothing behind")
  func operations() throws {
    let x = try Tensor.ones([8192])
    try expectNoGrowth {
      let parts = try ((x + x) * 0.5).split(4096, axis: 0)
      #expect(parts.count == 2)
    }
  }

  @Test("Gradients and custom functions leave nothing behind")
  func gradients() throws {
    let x = try Tensor.ones([8192])
    try x.setRequiresGradient(true)
    try expectNoGrowth {
      try x.setGradient(nil)
      let y = try x * 2
      let value = try Tensor.custom(y.detach().sum(), of: [y]) { [y] in [try $0 * y.detach()] }
      try value.backward()
    }
  }

  @Test("Refused operations leave nothing behind")
  func refusals() throws {
    try expectNoGrowth(times: 2000) {
      let x = try Tensor.ones([256, 128])
      #expect(throws: TensorError.self) { try x.matmul(x) }
      #expect(throws: TensorError.self) { try Operator("split", "Tensor").results([.tensor(x), 1, 7]) }
      try x.setRequiresGradient(true)
      let failing = try Tensor.custom(x.sum(), of: [x]) { [x] _ in [x, x] }
      #expect(throws: TensorError.self) { try failing.backward() }
    }
  }
}
