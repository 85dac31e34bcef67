import Downstream
import Encoders
import Files
public import SleepCore
import Tensors
import Training
import Upstream

/// What must go together across a recipe's parts; what must within one stands in the part's own type.
extension Recipe {
  /// What `device` may be.
  static let devices = ["auto", "cpu", "cuda", "cuda:N"]

  public var conflict: Misfit? {
    unknownName ?? sensorConflict ?? missingConflict ?? chainConflict ?? additionConflict ?? orderConflict
      ?? adaptationConflict ?? profileConflict ?? choiceConflict ?? shortcutConflict
  }

  /// An epoch is chosen on somebody.
  private var choiceConflict: Misfit? {
    guard split.validation == 0, finetuning.select != .last, !labels.isEmpty, shortcuts?.epochOnTest != true else {
      return nil
    }
    return Misfit(
      "finetuning.select", with: ["split.validation"], is: "\(finetuning.select.rawValue) with 'split.validation' of 0",
      expected: "last: nobody is left to choose the epoch on")
  }

  /// People's vectors are those of the recipe's own recogniser.
  private var adaptationConflict: Misfit? {
    guard finetuning.adaptation.centring != .none else { return nil }
    let centring = finetuning.adaptation.centring.rawValue
    if model != Recipe.recogniser {
      return Misfit(
        "finetuning.adaptation.centring", with: ["model"], is: "\(centring) with 'model: \(model)'",
        expected: "none: only a recogniser of encoder and head has vectors to centre")
    }
    if missing != nil {
      return Misfit(
        "finetuning.adaptation.centring", with: ["missing"], is: "\(centring) with 'missing'",
        expected: "none: the mean of a sensor that a person lacks is not known")
    }
    if finetuning.scaling != .none || finetuning.ensemble > 1 {
      let other = finetuning.scaling != .none ? "scaling" : "ensemble"
      return Misfit(
        "finetuning.adaptation.centring", with: ["finetuning.\(other)"], is: "\(centring) with 'finetuning.\(other)'",
        expected: "none, or no '\(other)'")
    }
    return nil
  }

  /// Only windows that were measured are of a night.
  private var profileConflict: Misfit? {
    guard readsProfile, finetuning.synthetic != .none else { return nil }
    return Misfit(
      "head.profile", with: ["finetuning.synthetic"],
      is: "true with 'finetuning.synthetic' of \(finetuning.synthetic.rawValue)",
      expected: "false: a made-up window is of no night")
  }

  private var unknownName: Misfit? {
    // It becomes a folder's.
    if !name.isEmpty, let problem = SafeName.problem(with: name) {
      return Misfit("name", is: "'\(name)' with \(problem)", expected: SafeName.expected)
    }
    let schemes = LabelScheme.all.map(\.name)
    if !labels.isEmpty, !schemes.contains(labels) { return Misfit("labels", is: labels, oneOf: schemes) }
    let models = [Recipe.recogniser] + RecognitionModels.all.map(\.name)
    if !models.contains(model) { return Misfit("model", is: model, oneOf: models) }
    if !Device.isName(device) {
      return Misfit("device", is: device, oneOf: Recipe.devices, meant: device == "gpu" ? "cuda" : nil)
    }
    return nil
  }

  private var sensorConflict: Misfit? {
    func names(_ sensors: [Sensor]) -> String { sensors.map(\.rawValue).joined(separator: ", ") }
    if sensors.isEmpty { return Misfit("sensors", is: "missing", expected: "a list of \(names(Sensor.allCases))") }
    for (key, list) in [("sensors", sensors), ("pretraining.sensors", pretraining.sensors)]
    where Set(list).count < list.count {
      return Misfit(key, is: "[\(names(list))]", expected: "each sensor once")
    }
    let missing = sensors.filter { !pretrainingSensors.contains($0) }
    guard !missing.isEmpty else { return nil }
    return Misfit(
      "pretraining.sensors", with: ["sensors"], is: "[\(names(pretraining.sensors))]",
      expected: "\(names(missing)) among them: the recipe's own sensors, and any others")
  }

  /// What cannot do without one of its sensors.
  private var missingConflict: Misfit? {
    guard let missing else { return nil }
    if model != Recipe.recogniser {
      return Misfit(
        "missing", with: ["model"], is: "there with 'model: \(model)'",
        expected: "none, or 'model: \(Recipe.recogniser)': a published system reads all its sensors")
    }
    if finetuning.synthetic != .none {
      return Misfit(
        "finetuning.synthetic", with: ["missing"], is: "\(finetuning.synthetic.rawValue) with 'missing'",
        expected: "none: between a window and one that lacks a sensor lies no window")
    }
    let linear = head.choice.options as? LinearHead.Options
    if toleratesMissing, missing.drop == 0, context.isNone, linear?.input == .standardised {
      return Misfit(
        "missing.drop", with: ["head.input"], is: "0 with 'head.input: standardised'",
        expected: "above 0: a flag that is the same in all of training has no deviation to be standardised by")
    }
    return nil
  }

  /// Only classes that are angles are near to each other.
  private var orderConflict: Misfit? {
    guard finetuning.ordinal > 0, let scheme = LabelScheme.named(labels), scheme.degrees == nil else { return nil }
    return Misfit(
      "finetuning.ordinal", with: ["labels"], is: "\(finetuning.ordinal) with 'labels: \(labels)'",
      expected: "0: its classes have no order of angles, as those of postures-17 have")
  }

  /// What is pretrained stays as it is for some steps or all, so something else must learn.
  private var additionConflict: Misfit? {
    if finetuning.addsParameters, model != Recipe.recogniser {
      let isLowRank = finetuning.lowRank > 0
      return Misfit(
        isLowRank ? "finetuning.low_rank" : "finetuning.adapter", with: ["model"],
        is: "\(isLowRank ? finetuning.lowRank : finetuning.adapter) with 'model: \(model)'",
        expected: "0: only the recogniser's own encoder and context can be added to")
    }
    if finetuning.thaw > 0, model == Recipe.recogniser, head.isFitted {
      return Misfit(
        "finetuning.thaw", with: ["head.kind"], is: "\(finetuning.thaw) with 'head.kind' of \(head.choice.name)",
        expected: "0: the head is computed, so nothing would learn before the thaw")
    }
    return nil
  }

  /// A linear chain is trained by its likelihood, in which no window stands alone.
  private var chainConflict: Misfit? {
    guard model == Recipe.recogniser, head.crf else { return nil }
    if finetuning.sequence < 2 {
      return Misfit(
        "head.crf", with: ["finetuning.sequence"], is: "true with 'finetuning.sequence' of \(finetuning.sequence)",
        expected: "a sequence of at least 2 windows for the chain")
    }
    if finetuning.classWeights != .none {
      return Misfit(
        "finetuning.class_weights", with: ["head.crf"], is: "\(finetuning.classWeights.rawValue) with 'head.crf'",
        expected: "none: the chain's likelihood has no class weights")
    }
    if finetuning.labelSmoothing > 0 {
      return Misfit(
        "finetuning.label_smoothing", with: ["head.crf"], is: "\(finetuning.labelSmoothing) with 'head.crf'",
        expected: "0: the chain's likelihood has no smoothed labels")
    }
    if finetuning.votes {
      return Misfit(
        "finetuning.votes", with: ["head.crf"], is: "true with 'head.crf'",
        expected: "false: the chain decodes a night as a whole, from mean scores")
    }
    if finetuning.ordinal > 0 {
      return Misfit(
        "finetuning.ordinal", with: ["head.crf"], is: "\(finetuning.ordinal) with 'head.crf'",
        expected: "0: the chain's likelihood has no spread labels")
    }
    return nil
  }
}
