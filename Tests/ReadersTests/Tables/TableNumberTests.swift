import Foundation
import Readers
import SleepCore
import TestSupport
import Testing

@Suite("Numbers of tables")
struct TableNumberTests {
  /// Numbers up to 10^15 as anyone may write them: of 1 to 20 digits, with a point anywhere, zeros before and behind, and with exponents.
  private static func written(_ count: Int, exponent: Bool) -> [String] {
    var random = SeededNumbers(seed: 7)
    return (0..<count).map { _ in
      let digits = (0..<Int.random(in: 1...20, using: &random)).map { _ in String(Int.random(in: 0...9, using: &random))
      }
      let point = Int.random(in: 1...min(15, digits.count), using: &random)
      let text = digits[..<point].joined() + (point < digits.count ? "." + digits[point...].joined() : "")
      guard exponent else { return text }
      return text + ["e-25", "E-7", "e0", "e+0", "e-22", "e-300"][Int.random(in: 0..<6, using: &random)]
    }
  }

  @Test("Numbers with an exponent are the nearest doubles, as the C library reads them")
  func exponents() throws {
    let numbers = Dictionary(Self.written(4000, exponent: true).map { (strtod($0, nil), $0) }) { first, _ in first }
      .filter { $0.key > 0 }.sorted { $0.key < $1.key }
    let rows = numbers.enumerated().map { "\($1.value),\($0 % 2 == 0 ? "-" : "+")\($1.value)" }
    let file = try table("t,x\n0,0\n" + rows.joined(separator: "\n"), TableRules(time: "t", timeUnit: .s))
    let (seconds, samples) = file.series(0)
    #expect(file.sampleRateHz == nil)
    #expect(seconds == [0] + numbers.map(\.key))
    #expect(samples == [0] + numbers.enumerated().map { Float($0 % 2 == 0 ? -$1.key : $1.key) })
  }

  @Test("Plain numbers of any length are the nearest, whatever stands beside them")
  func plainNumbers() throws {
    let numbers = Self.written(4000, exponent: false)
    let wanted = numbers.map { Float(strtod($0, nil)) }
    for separator in [",", "\t", ";", " ", " , "] {
      let rows = numbers.map { "\($0)\(separator)\"\($0)\"\(separator)-\($0)" }
      let rules = TableRules(
        separator: [",": .comma, "\t": .tab, ";": .semicolon, " ": .blanks, " , ": .comma][separator], headerLines: 0,
        sampleRateHz: 10)
      let file = try table(rows.joined(separator: "\n") + "\n", rules)
      #expect(file.series(0).samples == wanted)
      #expect(file.series(1).samples == wanted)
      #expect(file.series(2).samples == wanted.map { -$0 })
    }
  }

  @Test("A last line that is cut behind its stage leaves no stage")
  func cutStage() throws {
    let file = try table("x,stage,y\n1,W,2\n2,W,3\n3,N1", TableRules(sampleRateHz: 1, stage: "stage"))
    #expect(file.series(0).samples == [1, 2])
    #expect(file.warnings.contains("t.csv: its last line is cut and left out"))
  }
}
