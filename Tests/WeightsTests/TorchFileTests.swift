import Foundation
import Tensors
import TestSupport
import Testing
import Weights

@Suite("Files that torch.save wrote")
struct TorchFileTests {
  private let fixture = Fixture("weights")

  @Test("Tensors of every type, however they lie in their storages, are those that safetensors holds")
  func kinds() throws {
    let file = try WeightsFormat.open(fixture.url("kinds.pth"))
    let expected = try SafetensorsFile(fixture.url("kinds.safetensors"))
    #expect(file.format == "a state dictionary of PyTorch")
    #expect(file.shapes == expected.entries.mapValues(\.shape))
    for (name, entry) in expected.entries {
      let (own, other) = try (file.tensor(name), expected.tensor(name))
      #expect(own.dtype == entry.type.dtype && own.shape == entry.shape, "\(name)")
      #expect(try own.to(.float64).values(Double.self) == other.to(.float64).values(Double.self), "\(name)")
    }
  }

  @Test(
    "Of a checkpoint of a training the weights are found under their key, and what stands beside them is passed over")
  func checkpoint() throws {
    let file = try WeightsFormat.open(fixture.url("sleepvst.pth"))
    #expect(file.format == "a state dictionary of PyTorch, under 'model_state_dict'")
    #expect(file.shapes["module.classifier.weight"] == [4, 16])
    #expect(file.shapes.keys.allSatisfy { $0.hasPrefix("module.") })
  }

  @Test(
    "What is no state dictionary is refused with what it is",
    arguments: [
      (
        "module.pth",
        "found 'torch.nn.modules.linear.Linear' in its pickle, which is not run, expected tensors, texts and numbers alone: save the weights by themselves with torch.save(model.state_dict(), 'weights.pth')"
      ),
      (
        "legacy.pth",
        "found PyTorch's format of before version 1.6, expected that of today: load it in PyTorch, and torch.save what was loaded"
      ),
      (
        "script.pt",
        "found a program of TorchScript, expected its weights: torch.save(torch.jit.load('model.pt').state_dict(), 'weights.pth')"
      ),
      (
        "no-tensors.pth",
        "found a dictionary of 'epoch', 'lr', and no tensors, expected a dictionary of tensors, or one under 'model_state_dict', 'state_dict', 'model', 'net', 'network', 'weights': torch.save(model.state_dict(), 'weights.pth')"
      ),
      (
        "generate.py",
        "found a file that begins as none that is read, expected safetensors, a state dictionary that torch.save wrote (.pth, .pt), or Keras's HDF5 (.h5)"
      ),
      ("absent.pth", "found no such file, expected a file of weights, whole: copy or save it again"),
    ])
  func refused(name: String, problem: String) throws {
    let url = fixture.url(name)
    let error = #expect(throws: WeightsError.self) { try WeightsFormat.open(url) }
    #expect(error.map(words) == "\(url.path): \(problem)")
  }
}
