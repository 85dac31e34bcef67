import Downstream
import Encoders
import Layers
import SleepCore
import Tensors
import TestSupport
import Testing
import Training

@Suite("ULW-SleepNet")
struct ULWSleepNetTests {
  private static func input(_ channels: Int, samples: Int = 3000) -> WindowContract {
    WindowContract(
      sensor: .psg, channels: (0..<channels).map { "C\($0)" }, shape: [channels, samples], sampleRateHz: 100)
  }

  @Test("Logits and twenty training steps with AMSGrad and restarts are PyTorch's")
  func reference() throws {
    var options = ULWSleepNet.Options()
    (options.dropout, options.blockDropout) = (0, 0)
    let store = try ParameterStore(seed: 1)
    let model = try ULWSleepNet(store.root, options, inputs: [Self.input(4, samples: 500)], classes: 5)
    var rule = Reference.rule(.adam, 1e-3)
    (rule.amsgrad, rule.schedule, rule.period) = (true, .restarts, 10)
    try Reference("ulw-sleepnet", store, model, without: "encoder.").expectAgreement(
      (0..<2).map {
        try Reference.batch(
          [.psg: Formula.uniform("psg \($0)", [8, 1, 4, 500])], labels: "labels \($0)", classes: 5, shape: [8, 1])
      }, rule)
  }

  @Test("13,337 trainable parameters with four channels, 11,289 with three", arguments: [(4, 13_337), (3, 11_289)])
  func parameters(channels: Int, count: Int) throws {
    let store = try ParameterStore(seed: 1)
    _ = try ULWSleepNet(store.root, .init(), inputs: [Self.input(channels)], classes: 5)
    #expect(store.parameterCount == count)
  }
}
