#define _GNU_SOURCE
#include "ctorch.h"
#include "ctorch_distributed.h"

#include <dlfcn.h>
#include <limits.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// glibc hands a large block back to the kernel when it is freed and faults it in again when it is next wanted, in
/// every step of a training. Telling it to keep its memory saves a third of a step.
static void keep_memory(void) {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_TOP_PAD, 64 << 20);
}

/// OpenMP's threads spin while they wait for each other, which on a machine that has other work to do costs tens of times
/// what they compute. A few microseconds lose nothing where the machine is free: with 300 spins a BiLSTM's step takes four
/// times as long there as with 5000, and more spins gain no more.
static void wait_briefly(void) { setenv("GOMP_SPINCOUNT", "5000", 0); }

/// cuBLAS gives the same bits each time only with a workspace of its own for each stream, and reads of what size once, when it is first
/// used.
static void repeat_products(void) { setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0); }

char *ct_open(const char *path, const ct_api **out) {
  keep_memory();
  wait_briefly();
  repeat_products();
  void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
  if (!library) return strdup(dlerror());
  const ct_api *(*table)(void) = (const ct_api *(*)(void))dlsym(library, "ct_table");
  if (!table) return strdup(dlerror());
  *out = table();
  return NULL;
}

char *ct_open_distributed(const char *path, const ct_distributed_api **out) {
  void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
  if (!library) return strdup(dlerror());
  const ct_distributed_api *(*table)(void) =
      (const ct_distributed_api *(*)(void))dlsym(library, "ct_distributed_table");
  if (!table) return strdup(dlerror());
  *out = table();
  return NULL;
}

char *ct_folder(void) {
  Dl_info info;
  char *path = NULL;
  if (dladdr((void *)&ct_folder, &info) && info.dli_fname) path = realpath(info.dli_fname, NULL);
  if (!path || access(path, R_OK) != 0) {
    free(path);
    path = realpath("/proc/self/exe", NULL);
  }
  char *slash = path ? strrchr(path, '/') : NULL;
  if (slash) *slash = 0;
  return path;
}
