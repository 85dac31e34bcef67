#pragma once
#include "guard.hpp"

namespace ct {

ct_status find_operator(const char *name, const char *overload, ct_operator *out);
ct_status call(
    ct_operator op, const ct_value *arguments, int64_t count, ct_tensor *results, int64_t room, int64_t *result_count);

ct_status backward(ct_tensor loss);
ct_status custom(
    ct_tensor value, const ct_tensor *inputs, int64_t count, ct_backward backward, void (*release)(void *),
    void *context, ct_tensor *out);

}  // namespace ct
