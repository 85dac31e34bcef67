import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Processes that train together", .enabled(if: ProcessGroup.isAvailable, "this build has no c10d"))
struct ProcessGroupTests {
  @Test("Sums, all tensors, one process's tensor and bytes, and answers are the same on all")
  func collectives() throws {
    let found = try together(3) { group -> [[Double]] in
      let own = try Tensor([Float(group.rank + 1), Float(10 * group.rank)])
      let all = try group.gathered(own)
      let sum = try own.clone()
      try group.sum(sum)
      let first = try own.clone()
      try group.broadcast(first)
      let bytes = try group.broadcast(group.isFirst ? Data([7, 8, 9]) : nil)
      let none = try group.broadcast(nil as Data?)
      let answers = try group.any([group.rank == 2, false])
      return try [
        all.values(Float.self).map(Double.init), sum.values(Float.self).map(Double.init),
        first.values(Float.self).map(Double.init), (bytes ?? Data()).map(Double.init), [none == nil ? 1 : 0],
        answers.map { $0 ? 1 : 0 },
      ]
    }
    for own in found { #expect(own == [[1, 0, 2, 10, 3, 20], [6, 30], [1, 0], [7, 8, 9], [1], [1, 0]]) }
  }

  @Test("Gradients become the mean of all processes', also where a parameter had no part in the loss")
  func reducer() throws {
    let found = try together(2) { group -> [[Float]] in
      let (used, unused) = (try Tensor([Float(2), 3]), try Tensor([Float(1)]))
      for parameter in [used, unused] { try parameter.setRequiresGradient(true) }
      let reducer = try GradientReducer([used, unused], across: group)
      var gradients: [[Float]] = []
      for step in 1...3 {
        try used.setGradient(nil)
        let loss = try (used * Double((group.rank + 1) * step)).sum()
        try reducer.prepare(loss)
        try loss.backward()
        gradients.append(try #require(try used.gradient()).values())
        #expect(try unused.gradient() == nil)
      }
      return gradients
    }
    for own in found { #expect(own == [[1.5, 1.5], [3, 3], [4.5, 4.5]]) }
  }

  @Test("Whoever waits for a process that has ended is told so within seconds")
  func lost() throws {
    let started = ContinuousClock.now
    let said = try together(2) { group -> String in
      guard group.isFirst else { return "" }
      let error = #expect(throws: ProcessGroupError.self) {
        for _ in 0..<3 { try group.sum(Tensor([Float(1)])) }
      }
      #expect(group.firstFailure == error)
      return error?.localizedDescription ?? ""
    }
    #expect(said[0].hasPrefix("process 0 of 2 (counted from 0) lost another one: "), "\(said[0])")
    #expect(ContinuousClock.now - started < .seconds(20))
  }

  @Test("Processes that do not meet say where they looked and what was wanted")
  func notMet() {
    var meeting = Meeting(host: "127.0.0.1", port: 1, serves: false, rank: 1, count: 2)
    meeting.timeout = 1
    let error = #expect(throws: ProcessGroupError.self) { try ProcessGroup(meeting, device: .cpu) }
    let words = error?.localizedDescription ?? ""
    #expect(words.hasPrefix("process 1 of 2 (counted from 0) did not meet the others at 127.0.0.1:1: "), "\(words)")
    #expect(
      words.hasSuffix(
        "; expected as many processes as were announced, started within 1 s, and a port that is free and can be reached"
      ),
      "\(words)")
  }
}
