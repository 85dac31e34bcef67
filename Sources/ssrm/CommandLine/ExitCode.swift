import Preparation
import Clustering
import Corpora
import Downstream
import Encoders
import Experiments
import Figures
import Files
import Layers
import Metrics
import NumPy
import Readers
import Signals
import Synthesis
import Tensors
import Training
import YAML

/// How the program ends. The one place that says which error is whose fault.
enum ExitCode: Int32, Sendable {
  case done = 0
  /// The command line is wrong.
  case usage = 64
  /// A file, a corpus, a recipe or a run is wrong.
  case data = 65
  /// The program or the machine is wrong.
  case internalError = 70
  /// The user stopped it; what was done is kept.
  case interrupted = 130

  init(_ error: any Error) {
    if let error = error as? TogetherError {
      self.init(error.error)
      return
    }
    self =
      switch error {
      case is UsageError, is NotTogether, is SynthesisError, FigureError.extensionUnknown: .usage
      case is Interrupted, PreparationError.cancelled: .interrupted
      case PreparationError.noDataFolder: .internalError
      case is ReadError, is InputError, is NpyError, is Taken, is Busy, is JSONFileError,
        is CorpusError,
        is PreparationError, is Leak, is YAMLError, is RunError,
        is ParameterError,
        is EncoderError, is ModelError, is RecipeError, is FitError, is TrainingError, is CheckpointError,
        is TrainingStateError, is OtherTraining, is MeetingError,
        is SafetensorsError,
        is SignalError,
        is MetricsError, is ClusteringError:
        .data
      default: .internalError
      }
  }
}
