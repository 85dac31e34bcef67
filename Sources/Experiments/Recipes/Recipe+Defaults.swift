public import Downstream
public import Encoders
public import Training
public import Upstream
public import YAML

// Every part of a recipe may be left out, and every key of a part: it is then as the part's type says.
extension Recipe: DefaultInitializable {}
extension SplitRecipe: DefaultInitializable {}
extension ComparisonRecipe: DefaultInitializable {}
extension EncoderRecipe: DefaultInitializable {}
extension SignalStem.Options: DefaultInitializable {}
extension MapStem.Options: DefaultInitializable {}
extension Trunk.Options: DefaultInitializable {}
extension PretrainingRecipe: DefaultInitializable {}
extension FrequencyTask.Options: DefaultInitializable {}
extension ContrastTask.Options: DefaultInitializable {}
extension StayOptions: DefaultInitializable {}
extension HeadRecipe: DefaultInitializable {}
extension FineTuningRecipe: DefaultInitializable {}
extension OptimizationOptions: DefaultInitializable {}
extension PlateauOptions: DefaultInitializable {}
extension Augmentation: DefaultInitializable {}
extension MapAugmentation: DefaultInitializable {}
extension SignalAugmentation: DefaultInitializable {}
extension ModelOptions: DefaultInitializable {}
extension SleepVST.Options: DefaultInitializable {}
extension ULWSleepNet.Options: DefaultInitializable {}
extension SpectrogramCNN.Options: DefaultInitializable {}
extension AccelerometerModel.Options: DefaultInitializable {}
extension SSRMPressureMap.Options: DefaultInitializable {}
