import Foundation
import TestSupport
import Testing
import YAML

@Suite("Nodes become values")
struct DecodeTests {
  @Test("A mapping of very many keys is decoded in a time that grows with them, not with their square")
  func manyKeys() throws {
    let text = (0..<40_000).map { "k\($0): \($0)\n" }.joined()
    let start = ContinuousClock.now
    let values = try YAMLDecoder().decode([String: Int].self, from: YAML.parse(text))
    #expect(values.count == 40_000 && values["k39999"] == 39_999)
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test("A recipe with every kind of value is decoded")
  func everything() throws {
    let recipe = try decoded(
      """
      name: 12
      epochs: 0x10
      mask_ratio: 1e-3
      protocols: [scratch, fine-tuned]
      optimizer: {use_ams_grad: true}
      weights: {leftFetal: 1, snake_case: .5}
      is_quick: false
      tasks:
        - views: {weight: 2}
        - masked_frames: {mask_ratio: 0.15}
      """)
    #expect(
      recipe
        == Recipe(
          name: "12", epochs: 16, maskRatio: 1e-3, protocols: [.scratch, .fineTuned],
          optimizer: Optimizer(rate: 1e-3, useAMSGrad: true), weights: ["leftFetal": 1, "snake_case": 0.5],
          isQuick: false, tasks: [.views(weight: 2), .maskedFrames(maskRatio: 0.15)]))
  }

  @Test(
    "A value that does not fit is refused with its place",
    arguments: [
      ("name: x\nepochs: many\n", "r.yaml:2:9: 'epochs' is 'many', expected a whole number"),
      ("name: x\nepochs: '3'\n", "r.yaml:2:9: 'epochs' is the quoted text '3', expected a whole number"),
      ("name: x\nepochs: 3.0\n", "r.yaml:2:9: 'epochs' is '3.0', expected a whole number"),
      ("name: x\nepochs: [3]\n", "r.yaml:2:9: 'epochs' is a list, expected a whole number"),
      ("name:\nepochs: 3\n", "r.yaml:1:6: 'name' is empty, expected text"),
      ("name: {}\nepochs: 3\n", "r.yaml:1:7: 'name' is a mapping, expected text"),
      (
        "name: x\nepochs: 99999999999999999999\n",
        "r.yaml:2:9: 'epochs' is '99999999999999999999', expected a whole number from -9223372036854775808 to 9223372036854775807"
      ),
      (
        "name: x\nepochs: 1\nsmall: 256\n",
        "r.yaml:3:8: 'small' is '256', expected a whole number from 0 to 255"
      ),
      (
        "name: x\nepochs: 1\nrate: 1e39\n",
        "r.yaml:3:7: 'rate' is '1e39', expected a number from -3.4028235e+38 to 3.4028235e+38"
      ),
      ("name: x\nepochs: 1\nrate: 0.1.2\n", "r.yaml:3:7: 'rate' is '0.1.2', expected a number"),
      ("name: x\nepochs: 1\nis_quick: yes\n", "r.yaml:3:11: 'is_quick' is 'yes', expected true or false"),
      ("epochs: 1\n", "r.yaml:1:1: missing key 'name'"),
      ("nmae: x\nepochs: 1\n", "r.yaml:1:1: missing key 'name'. Is it 'nmae' that should read 'name'?"),
      ("", "r.yaml:1:1: the document is empty, expected a mapping"),
      ("- 1\n", "r.yaml:1:1: the document is a list, expected a mapping"),
      (
        "name: x\nepochs: 1\nmask_ration: 0.1\n",
        """
        r.yaml:3:1: unknown key 'mask_ration'. Did you mean 'mask_ratio'? Known keys here: name, epochs, mask_ratio, \
        protocols, optimizer, weights, small, rate, is_quick, tasks
        """
      ),
      (
        "name: x\nepochs: 1\nmaskRatio: 0.1\n",
        """
        r.yaml:3:1: unknown key 'maskRatio'. Did you mean 'mask_ratio'? Known keys here: name, epochs, mask_ratio, \
        protocols, optimizer, weights, small, rate, is_quick, tasks
        """
      ),
      (
        "name: x\nepochs: 1\noptimizer: {momentum: 1}\n",
        "r.yaml:3:13: unknown key 'momentum'. Known keys here: rate, use_ams_grad"
      ),
      (
        "name: x\nepochs: 1\nprotocols: [frozen, scrach]\n",
        "r.yaml:3:21: 'protocols.1' is 'scrach', not one of: scratch, frozen, fine-tuned. Did you mean 'scratch'?"
      ),
      (
        "name: x\nepochs: 1\nweights: {a: heavy}\n",
        "r.yaml:3:14: 'a' is 'heavy', expected a number"
      ),
      (
        "name: x\nepochs: 1\ntasks:\n  - views: {wieght: 1}\n",
        "r.yaml:4:12: missing key 'weight'. Is it 'wieght' that should read 'weight'?"
      ),
      (
        "name: x\nepochs: 1\ntasks:\n  - jumps: {}\n",
        "r.yaml:4:5: 'tasks.0' is a mapping: Invalid number of keys found, expected one."
      ),
    ])
  func refused(text: String, words: String) {
    #expect(refusal(text) == words)
  }

  @Test(
    "Scalars are resolved by the core schema of YAML 1.2",
    arguments: [
      ("1", 1.0), ("-2.5", -2.5), ("+.5", 0.5), ("1.", 1), ("1e-3", 1e-3), ("1E+2", 100), ("0o17", 15), ("0xff", 255),
      ("-.inf", -.infinity), (".INF", .infinity), ("1_000", nil), ("1:30", nil), ("e3", nil), (".", nil), ("+", nil),
      ("inf", nil), ("nan", nil), ("0x", nil), ("-0x1", nil), ("1e", nil), ("'1'", nil), ("١", nil), ("--1", nil),
    ] as [(String, Double?)])
  func numbers(text: String, expected: Double?) throws {
    #expect((try? decoded(text, as: Double.self)) == expected)
  }

  @Test("Nulls, booleans and quoted text keep their kind")
  func kinds() throws {
    #expect(try decoded(".NaN", as: Double.self).isNaN)
    for text in ["", "~", "null", "Null", "NULL"] { #expect(try decoded(text, as: Bool?.self) == nil) }
    for text in ["true", "True", "TRUE"] { #expect(try decoded(text, as: Bool.self)) }
    #expect(try decoded("[no, 'null', true, 1.50, \"\"]", as: [String].self) == ["no", "null", "true", "1.50", ""])
    #expect(try decoded("[1, ~, 3]", as: [Int?].self) == [1, nil, 3])
  }

  @Test("Keys of a dictionary by an enumeration are checked")
  func closedDictionary() throws {
    enum Part: String, Codable, CaseIterable, CodingKeyRepresentable { case stem, trunk }
    #expect(try decoded("{stem: 1, trunk: 2}", as: [Part: Int].self) == [.stem: 1, .trunk: 2])
    #expect(
      refusal("{stem: 1, trunc: 2}", as: [Part: Int].self)
        == "r.yaml:1:11: unknown key 'trunc'. Did you mean 'trunk'? Known keys here: stem, trunk")
  }

  @Test("A default by `decode(_:forKey:default:)` and a type's own error are placed")
  func ownInitialiser() throws {
    struct Width: Decodable {
      let width: Int
      enum CodingKeys: String, CodingKey { case width = "hidden-width" }
      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        width = try container.decode(Int.self, forKey: .width, default: 128)
        guard width > 0 else {
          throw DecodingError.dataCorruptedError(forKey: .width, in: container, debugDescription: "expected at least 1")
        }
      }
    }
    #expect(try decoded("{}", as: Width.self).width == 128)
    #expect(try decoded("hidden-width: 3", as: Width.self).width == 3)
    #expect(
      refusal("\nhidden-width: 0", as: Width.self) == "r.yaml:2:15: 'hidden-width' is '0': expected at least 1")
  }

  @Test("Keys of nested containers are checked too")
  func nestedContainers() throws {
    struct Flat: Decodable {
      let depth: Int
      enum Outer: String, CodingKey { case trunk }
      enum Inner: String, CodingKey { case depth }
      init(from decoder: any Decoder) throws {
        let outer = try decoder.container(keyedBy: Outer.self)
        depth = try outer.nestedContainer(keyedBy: Inner.self, forKey: .trunk).decode(Int.self, forKey: .depth)
      }
    }
    #expect(try decoded("trunk: {depth: 2}", as: Flat.self).depth == 2)
    #expect(
      refusal("trunk: {depth: 2, deep: 3}", as: Flat.self)
        == "r.yaml:1:19: unknown key 'deep'. Known keys here: depth")
  }

  @Test("A left-out key of a type with defaults takes the default")
  func defaults() throws {
    #expect(try decoded("{}", as: Optimizer.self) == Optimizer())
    #expect(try decoded("rate: 1", as: Optimizer.self) == Optimizer(rate: 1, useAMSGrad: false))
    #expect(refusal("rate: x", as: Optimizer.self) == "r.yaml:1:7: 'rate' is 'x', expected a number")
  }

  @Test("A node decodes as itself")
  func nodes() throws {
    struct Part: Codable { let options: Node }
    let part = try decoded("options: {a: [1, 2]}", as: Part.self)
    #expect(part.options["a"]?[1]?.column == 18)
    #expect(try YAMLEncoder().encode(part).text == "options:\n  a: [1, 2]\n")
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Part.self, from: Data("{\"options\": {}}".utf8))
    }
  }
}
