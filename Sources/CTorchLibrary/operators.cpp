// Every operator of ATen, called by name through the dispatcher.
#include <ATen/core/dispatch/Dispatcher.h>

#include "operators.hpp"

namespace ct {

static c10::IValue argument(const ct_value &value) {
  switch (value.kind) {
    case CT_NONE: return {};
    case CT_TENSOR: return tensor((ct_tensor)value.data);
    case CT_INT: return value.integer;
    case CT_DOUBLE: return value.real;
    case CT_BOOL: return value.integer != 0;
    case CT_INTS: {
      c10::List<int64_t> list;
      list.reserve(value.count);
      for (int64_t i = 0; i < value.count; i++) list.push_back(((const int64_t *)value.data)[i]);
      return list;
    }
    case CT_DOUBLES: {
      c10::List<double> list;
      for (int64_t i = 0; i < value.count; i++) list.push_back(((const double *)value.data)[i]);
      return list;
    }
    case CT_TENSORS: {
      c10::List<at::Tensor> list;
      list.reserve(value.count);
      for (int64_t i = 0; i < value.count; i++) list.push_back(tensor(((const ct_tensor *)value.data)[i]));
      return list;
    }
    case CT_STRING: return std::string((const char *)value.data, value.count);
    case CT_DEVICE: return c10::Device(std::string((const char *)value.data, value.count));
    case CT_GENERATOR: return generator((ct_generator)value.data);
    case CT_DEFAULT: break;
  }
  TORCH_CHECK(false, "an argument of unknown kind ", value.kind);
}

/// The same value in the type that the schema asks for, where the kinds differ but the meaning does not.
static c10::IValue fitted(c10::IValue value, const c10::Argument &wanted) {
  if (!value.isInt() && !value.isIntList() && !value.isTensorList()) return value;
  const c10::Type *type = wanted.type().get();
  if (type->kind() == c10::TypeKind::OptionalType) {
    type = type->expectRef<c10::OptionalType>().getElementType().get();
  }
  if (type->kind() == c10::TypeKind::FloatType && value.isInt()) return (double)value.toInt();
  if (value.isIntList() && type->kind() == c10::TypeKind::ListType &&
      type->expectRef<c10::ListType>().getElementType()->kind() == c10::TypeKind::BoolType) {
    c10::List<bool> list;
    for (int64_t element : value.toIntList()) list.push_back(element != 0);
    return list;
  }
  if (value.isTensorList() && type->kind() == c10::TypeKind::ListType &&
      type->expectRef<c10::ListType>().getElementType()->kind() == c10::TypeKind::OptionalType) {
    c10::List<std::optional<at::Tensor>> list;
    for (const at::Tensor &element : value.toTensorList()) list.push_back(element);
    return list;
  }
  return value;
}

static void append(c10::IValue &&value, std::vector<at::Tensor> &results) {
  if (value.isTensor()) {
    results.push_back(std::move(value).toTensor());
  } else if (value.isTensorList()) {
    for (const at::Tensor &element : value.toTensorList()) results.push_back(element);
  } else {
    TORCH_CHECK(false, "the operator's result is of type ", value.tagKind(), ", expected tensors");
  }
}

ct_status find_operator(const char *name, const char *overload, ct_operator *out) {
  return guard([&] {
    auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
    *out = reinterpret_cast<ct_operator>(new c10::OperatorHandle(handle));
  });
}

ct_status call(
    ct_operator op, const ct_value *arguments, int64_t count, ct_tensor *results, int64_t room, int64_t *result_count) {
  return guard([&] {
    const auto &handle = *reinterpret_cast<const c10::OperatorHandle *>(op);
    const auto &wanted = handle.schema().arguments();
    TORCH_CHECK((size_t)count <= wanted.size(), count, " arguments, expected at most ", wanted.size());
    torch::jit::Stack stack;
    stack.reserve(wanted.size());
    for (size_t i = 0; i < wanted.size(); i++) {
      if (i < (size_t)count && arguments[i].kind != CT_DEFAULT) {
        stack.push_back(fitted(argument(arguments[i]), wanted[i]));
      } else {
        TORCH_CHECK(wanted[i].default_value().has_value(), "argument '", wanted[i].name(), "' is missing");
        stack.push_back(*wanted[i].default_value());
      }
    }
    handle.callBoxed(stack);
    std::vector<at::Tensor> values;
    values.reserve(stack.size());
    for (auto &value : stack) append(std::move(value), values);
    TORCH_CHECK((int64_t)values.size() <= room, values.size(), " results, expected at most ", room);
    for (size_t i = 0; i < values.size(); i++) results[i] = own(std::move(values[i]));
    *result_count = (int64_t)values.size();
  });
}

}  // namespace ct
