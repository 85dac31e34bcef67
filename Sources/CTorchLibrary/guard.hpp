// The one place where C++ exceptions stop.
#pragma once
#include <ATen/ATen.h>

#include <string>

#include "../CTorch/include/ctorch.h"

namespace ct {

inline thread_local std::string failure;

/// Runs `body` and turns anything that it throws into a status and a message.
template <typename Body>
ct_status guard(Body &&body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::Error &error) {
    failure = error.what_without_backtrace();
  } catch (const std::exception &error) {
    failure = error.what();
  } catch (...) {
    failure = "an unknown C++ exception";
  }
  return 1;
}

inline at::Tensor &tensor(ct_tensor handle) { return *reinterpret_cast<at::Tensor *>(handle); }

inline at::Generator &generator(ct_generator handle) { return *reinterpret_cast<at::Generator *>(handle); }

/// A new handle; null for an undefined tensor.
inline ct_tensor own(at::Tensor value) {
  return value.defined() ? reinterpret_cast<ct_tensor>(new at::Tensor(std::move(value))) : nullptr;
}

}  // namespace ct
