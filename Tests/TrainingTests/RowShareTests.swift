import Foundation
import Tensors
import TestSupport
import Testing
import Training

@Suite("Rows of several processes")
struct RowShareTests {
  @Test(
    "Rows that are shared and joined again are as they were, and each gets its gradient once",
    .enabled(if: ProcessGroup.isAvailable, "this build has no c10d"), arguments: [4, 5, 7])
  func joined(count: Int) throws {
    let values = (0..<(2 * count)).map { Float($0 * $0) }
    let found = try together(2) { group -> (values: [Float], gradient: [Float]) in
      let share = RowShare(of: count, in: group)
      let rows = try Tensor(values, shape: [count, 2])
      try rows.setRequiresGradient(true)
      let joined = try share.joined(share.own(rows))
      // The same loss on all, so each gradient is there as often as there are processes; the reducer takes the mean.
      try (joined * joined).sum().backward()
      return (try joined.values(), try #require(try rows.gradient()).values())
    }
    for own in found { #expect(own.values == values) }
    #expect(zip(found[0].gradient, found[1].gradient).map { ($0 + $1) / 2 } == values.map { 2 * $0 })
  }

  @Test("A total has the sum's gradient", .enabled(if: ProcessGroup.isAvailable, "this build has no c10d"))
  func total() throws {
    let found = try together(3) { group -> [Float] in
      let share = RowShare(of: 9, in: group)
      let own = try Tensor([Float(group.rank)])
      try own.setRequiresGradient(true)
      let total = try share.total(own.sum())
      try (total * total).backward()
      return try total.reshaped([1]).values(Float.self) + (#require(try own.gradient()).values(Float.self))
    }
    // 0 + 1 + 2, and twice that, as often as there are processes.
    for own in found { #expect(own == [3, 18]) }
  }

  @Test("Blocks of rows are shared as each of them is, and a process alone has all")
  func blocks() throws {
    #expect(RowShare(of: 5, in: nil).positions == [0, 1, 2, 3, 4])
    #expect(RowShare(of: 5, in: nil).isWhole)
    guard ProcessGroup.isAvailable else { return }
    let found = try together(2) { group in
      // Too few, and not as many for each.
      #expect(RowShare(of: 3, in: group).isWhole)
      #expect(RowShare(of: 5, in: group, evenly: true).isWhole)
      let block = RowShare(of: 4, in: group, evenly: true)
      let both = RowShare(of: 8, in: group, evenly: true)
      #expect(both.positions == block.positions + block.positions.map { $0 + 4 })
      let spread = try block.spread(block.own(Tensor([Float(1), 2, 3, 4], shape: [4, 1])))
      return try spread.values(Float.self)
    }
    #expect(found == [[1, 0, 3, 0], [0, 2, 0, 4]])
  }
}
