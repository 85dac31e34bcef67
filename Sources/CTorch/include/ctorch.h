/// A C ABI over LibTorch.
///
/// The program is not linked with LibTorch: `ct_open` loads the shared library `CTorchLibrary`, built in the same
/// package, and with it LibTorch, when the first tensor is wanted. A program that makes no tensor starts at once,
/// and one without LibTorch can say what is missing.
///
/// Every fallible function returns a status: 0 is success, and then the out-pointers are written. Otherwise they are
/// untouched, and `message` gives the reason, until the next failure on this thread. No C++ exception passes.
///
/// Handles that a function writes through an out-pointer belong to the caller, who releases each once. Handles and
/// memory that are passed in stay the caller's.
#ifndef CTORCH_H
#define CTORCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

typedef int32_t ct_status;
typedef struct ct_tensor_s *ct_tensor;
typedef struct ct_generator_s *ct_generator;
typedef const struct ct_operator_s *ct_operator;

/// What an argument of an operator holds.
typedef enum : int32_t {
  CT_NONE = 0,
  CT_TENSOR,
  CT_INT,
  CT_DOUBLE,
  CT_BOOL,
  CT_INTS,     // list: int64_t
  CT_DOUBLES,  // list: double
  CT_TENSORS,  // list: ct_tensor
  CT_STRING,   // list: UTF-8 bytes
  CT_DEVICE,   // list: UTF-8 bytes, "cpu" or "cuda:0"
  CT_GENERATOR,
  CT_DEFAULT,  // the default of the operator's schema
} ct_kind;

typedef struct {
  ct_kind kind;
  int64_t integer;             // CT_INT, CT_BOOL
  double real;                 // CT_DOUBLE
  const void *_Nullable data;  // handle, or the elements of a list
  int64_t count;               // elements of a list
} ct_value;

/// Computes the gradients of a custom function's inputs from those of its outputs.
///
/// - gradients: one an output; null where the loss does not depend on it.
/// - results: one an input, null at first; what is written there belongs to the caller of this function.
/// Returns false on failure.
typedef bool (*ct_backward)(
    void *context, const ct_tensor _Nullable *_Nonnull gradients, int64_t outputs,
    ct_tensor _Nullable *_Nonnull results, int64_t inputs);

/// Everything that the library offers.
typedef struct {
  const char *_Nonnull (*_Nonnull message)(void);
  const char *_Nonnull (*_Nonnull version)(void);

  // Operators of ATen, by name and overload: "aten::add", "Tensor". They live as long as the program.
  ct_status (*_Nonnull find_operator)(const char *name, const char *overload, ct_operator _Nullable *_Nonnull out);
  // Calls an operator; arguments that are missing at the end take their defaults. At most `room` results are written,
  // one more is a failure; an undefined tensor is written as null.
  ct_status (*_Nonnull call)(
      ct_operator op, const ct_value *arguments, int64_t count, ct_tensor _Nullable *_Nonnull results, int64_t room,
      int64_t *result_count);

  // Tensors and host memory. `data` is row-major, of the dtype's size. A pinned tensor's memory is one that CUDA devices read by themselves.
  ct_status (*_Nonnull from_data)(
      const void *data, const int64_t *shape, int64_t rank, int32_t dtype, bool pinned, ct_tensor _Nullable *_Nonnull out);
  ct_status (*_Nonnull to_data)(ct_tensor tensor, void *data, int64_t bytes);
  ct_tensor _Nonnull (*_Nonnull share)(ct_tensor tensor);  // a second handle of the same tensor
  void (*_Nonnull release)(ct_tensor tensor);
  int64_t (*_Nonnull rank)(ct_tensor tensor);
  void (*_Nonnull shape)(ct_tensor tensor, int64_t *out);
  int32_t (*_Nonnull dtype)(ct_tensor tensor);
  int32_t (*_Nonnull card)(ct_tensor tensor);  // the number of its CUDA device; -1 on the processor

  // Autograd.
  bool (*_Nonnull requires_grad)(ct_tensor tensor);
  ct_status (*_Nonnull set_requires_grad)(ct_tensor tensor, bool value);
  ct_status (*_Nonnull gradient)(ct_tensor tensor, ct_tensor _Nullable *_Nonnull out);  // null where there is none yet
  ct_status (*_Nonnull set_gradient)(ct_tensor tensor, ct_tensor _Nullable gradient);
  ct_status (*_Nonnull backward)(ct_tensor loss);
  bool (*_Nonnull set_grad_enabled)(bool value);  // of this thread; returns what it was
  // Makes `value` the result of a function of `inputs` whose gradient `backward` computes. `release` is called once.
  ct_status (*_Nonnull custom)(
      ct_tensor value, const ct_tensor _Nonnull *_Nonnull inputs, int64_t count, ct_backward backward, void (*_Nonnull release)(void *_Nonnull),
      void *context, ct_tensor _Nullable *_Nonnull out);

  // Autocast of this thread on the processor, or on CUDA devices: `dtype` is what layers compute in where it is on, as
  // before where it is -1. Returns what it was; the
  // casts of weights that it keeps are forgotten where it is turned off.
  bool (*_Nonnull set_autocast)(bool cuda, bool value, int32_t dtype);

  // Random generators.
  ct_status (*_Nonnull generator)(uint64_t seed, const char *device, ct_generator _Nullable *_Nonnull out);
  void (*_Nonnull release_generator)(ct_generator generator);
  ct_status (*_Nonnull generator_state)(ct_generator generator, ct_tensor _Nullable *_Nonnull out);
  ct_status (*_Nonnull set_generator_state)(ct_generator generator, ct_tensor state);

  // The machine.
  int32_t (*_Nonnull cards)(void);  // CUDA devices
  void (*_Nonnull set_threads)(int32_t count);  // of this thread's operators
  int32_t (*_Nonnull threads)(void);
  // Algorithms whose results repeat, of all operators that have one, cuDNN's too, which then does not try which is fastest; of the others
  // LibTorch warns on standard error.
  void (*_Nonnull set_deterministic)(bool value);
  bool (*_Nonnull deterministic)(void);
} ct_api;

/// Sets the allocator up, loads the library at `path` and writes its table. On failure returns a message, which
/// the caller frees; null on success.
char *_Nullable ct_open(const char *path, const ct_api *_Nullable *_Nonnull out);

/// The folder of the running program (or of the test bundle that holds this function); the caller frees it.
char *_Nullable ct_folder(void);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif
#endif
