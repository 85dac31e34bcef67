/// A C ABI over LibTorch's c10d: processes that train one network together.
///
/// It is a library of its own, which `ct_open_distributed` loads beside `CTorchLibrary` when processes are to train together. Statuses, messages
/// and handles are as in ctorch.h.
#ifndef CTORCH_DISTRIBUTED_H
#define CTORCH_DISTRIBUTED_H

#include "ctorch.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

typedef struct ct_group_s *ct_group;
typedef struct ct_reducer_s *ct_reducer;

/// Where the processes find each other, and which of them this is.
typedef struct {
  const char *host;
  uint16_t port;
  bool serves;                      // whether this process answers at host and port
  const char *prefix;               // of this meeting, where something else answers there that outlives it
  const char *_Nullable interface;  // the network interface, or NULL for that of this machine's name
  bool local;                       // whether all are on this machine
  int32_t rank;
  int32_t count;
  const char *device;  // "cpu" or "cuda:0"
  int64_t timeout;     // milliseconds that a process waits for another
} ct_meeting;

typedef struct {
  const char *_Nonnull (*_Nonnull message)(void);

  // Waits for all processes.
  ct_status (*_Nonnull join)(const ct_meeting *meeting, ct_group _Nullable *_Nonnull out);
  void (*_Nonnull leave)(ct_group group);
  // Collectives: all processes call the same ones, in the same order. A tensor is contiguous, and of one shape everywhere.
  ct_status (*_Nonnull sum)(ct_group group, ct_tensor tensor);                     // in place
  ct_status (*_Nonnull gather)(ct_group group, ct_tensor own, ct_tensor all);      // all: [count, ...]
  ct_status (*_Nonnull broadcast)(ct_group group, ct_tensor tensor, int32_t from);  // in place

  // c10d's Reducer: while a backward pass runs, the gradients of all processes are made their mean, bucket by bucket.
  ct_status (*_Nonnull reducer)(
      ct_group group, const ct_tensor _Nonnull *_Nonnull parameters, int64_t count, ct_reducer _Nullable *_Nonnull out);
  ct_status (*_Nonnull prepare)(ct_reducer reducer, ct_tensor loss);  // before each backward pass
  void (*_Nonnull release_reducer)(ct_reducer reducer);
} ct_distributed_api;

/// Loads the library at `path`, after `ct_open`, and writes its table. On failure returns a message, which the caller frees.
char *_Nullable ct_open_distributed(const char *path, const ct_distributed_api *_Nullable *_Nonnull out);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif
#endif
