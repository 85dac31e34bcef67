import TestSupport
import Testing
import YAML

@Suite("Options override values")
struct OverrideTests {
  private let text = "name: x\nepochs: 1\ntasks:\n  - views: {weight: 1}\noptimizer:\n"

  @Test("A value is replaced, added, or made in an empty place")
  func values() throws {
    let recipe = try decoded(
      text,
      set: ["epochs=3", "tasks.0.views.weight=2.5", "optimizer.rate=1", "mask_ratio=0.1", "name='a=b'", "epochs=4"])
    #expect(
      recipe
        == Recipe(
          name: "a=b", epochs: 4, maskRatio: 0.1, optimizer: Optimizer(rate: 1, useAMSGrad: false),
          tasks: [.views(weight: 2.5)]))
    #expect(try decoded(text, set: ["protocols=[frozen]"]).protocols == [.frozen])
    #expect(try decoded(text, set: ["tasks="]).tasks == nil)
  }

  @Test(
    "An override that does not fit is refused, by its own name",
    arguments: [
      ("epochs=many", "--set epochs=many: 'epochs' is 'many', expected a whole number"),
      (
        "optimizer.raet=1",
        "--set optimizer.raet=1: unknown key 'raet'. Did you mean 'rate'? Known keys here: rate, use_ams_grad"
      ),
      ("epochs", "--set epochs: found no '=', expected key=value"),
      ("a..b=1", "--set a..b=1: found an empty name, expected key.key=value"),
      ("=1", "--set =1: found an empty name, expected key.key=value"),
      (
        "name.b=1",
        "--set name.b=1: 'name' is 'x' (r.yaml:1:7), expected a mapping or a list to set 'b' in"
      ),
      (
        "tasks.1.views=1",
        "--set tasks.1.views=1: found '1' in 'tasks' (r.yaml:4:3), expected an index from 0 to 0"
      ),
      ("tasks.first=1", "--set tasks.first=1: found 'first' in 'tasks' (r.yaml:4:3), expected an index from 0 to 0"),
      (
        "name=[1",
        "--set name=[1: the value is not YAML (did not find expected ',' or ']' while parsing a flow sequence): text needs quotes here"
      ),
    ])
  func refused(assignment: String, words: String) {
    #expect(refusal(text, set: [assignment]) == words)
  }
}
