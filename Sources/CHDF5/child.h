// A child process for code that a damaged file may end: it has a time, a memory and no file but its own, and its end is
// no end of the program. It calls nothing but C, so that no lock of a thread that it does not have is waited for.
#pragma once
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void hdf5_limit(int what, unsigned long long value) {
  struct rlimit limit;
  if (getrlimit(what, &limit) < 0) return;
  if (limit.rlim_max == RLIM_INFINITY || value < limit.rlim_max) limit.rlim_max = value;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(what, &limit);
}

// Bytes of address space of this process.
static inline unsigned long long hdf5_address_space(void) {
  unsigned long long pages = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  if (file == NULL) return 0;
  if (fscanf(file, "%llu", &pages) != 1) pages = 0;
  fclose(file);
  return pages * (unsigned long long)sysconf(_SC_PAGESIZE);
}

static inline void hdf5_confine(unsigned long long addressSpace, unsigned long long memory, unsigned seconds) {
  const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTRAP, SIGXCPU, SIGPIPE, SIGALRM};
  for (size_t index = 0; index < sizeof(signals) / sizeof(signals[0]); index++) signal(signals[index], SIG_DFL);
  signal(SIGINT, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  hdf5_limit(RLIMIT_CORE, 0);
  hdf5_limit(RLIMIT_CPU, seconds);
  if (addressSpace > 0) hdf5_limit(RLIMIT_AS, addressSpace + memory);
}

// What a child has to say, in a buffer that is written when it is full.
struct hdf5_output {
  int descriptor;
  size_t used;
  unsigned char buffer[1 << 16];
};

static inline void hdf5_write(int descriptor, const void *bytes, size_t count) {
  const char *next = (const char *)bytes;
  while (count > 0) {
    ssize_t written = write(descriptor, next, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(1);
    next += written;
    count -= (size_t)written;
  }
}

static inline void hdf5_flush(struct hdf5_output *output) {
  hdf5_write(output->descriptor, output->buffer, output->used);
  output->used = 0;
}

static inline void hdf5_put(struct hdf5_output *output, const void *bytes, size_t count) {
  if (count > sizeof(output->buffer) - output->used) hdf5_flush(output);
  if (count > sizeof(output->buffer)) {
    hdf5_write(output->descriptor, bytes, count);
    return;
  }
  memcpy(output->buffer + output->used, bytes, count);
  output->used += count;
}

static inline void hdf5_put_number(struct hdf5_output *output, uint64_t number) {
  hdf5_put(output, &number, sizeof(number));
}

static inline void hdf5_put_text(struct hdf5_output *output, const char *text, size_t length) {
  hdf5_put_number(output, length);
  hdf5_put(output, text, length);
}
