// Parts of HDF5 that its versions call by different names, and questions about types and datasets. Only a child process calls them.
#pragma once
#define H5_USE_110_API
#include <hdf5.h>

// Readies the library for this thread: it prints no errors, and loads no code that files name.
static inline int hdf5_begin(void) {
  if (H5open() < 0) return -1;
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  return H5PLset_loading_state(0);
}

// A file to be read, or a negative number. It is not locked, and all that is open of it closes with it.
static inline hid_t hdf5_open(const char *path) {
  hid_t list = H5Pcreate(H5P_FILE_ACCESS);
  if (list < 0) return -1;
  H5Pset_fclose_degree(list, H5F_CLOSE_STRONG);
#if H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 11, 0) || H5_VERSION_GE(1, 12, 1)
  H5Pset_file_locking(list, 0, 1);
#endif
  hid_t file = H5Fopen(path, H5F_ACC_RDONLY, list);
  H5Pclose(list);
  return file;
}

enum hdf5_object { hdf5_other, hdf5_group, hdf5_dataset };

// What an open object is, and where it is in the file.
static inline int hdf5_object(hid_t object, unsigned long long *address) {
  H5O_info_t info;
  if (H5Oget_info(object, &info) < 0) return -1;
  *address = (unsigned long long)info.addr;
  return info.type == H5O_TYPE_GROUP ? hdf5_group : info.type == H5O_TYPE_DATASET ? hdf5_dataset : hdf5_other;
}

enum hdf5_kind { hdf5_unread, hdf5_number, hdf5_text };

// Whether a type is one of the usual numbers of up to 8 bytes, or a text.
static inline int hdf5_kind(hid_t type) {
  H5T_class_t kind = H5Tget_class(type);
  size_t size = H5Tget_size(type);
  if (kind == H5T_STRING) return hdf5_text;
  if (size == 0 || size > 8 || H5Tget_precision(type) != 8 * size || H5Tget_offset(type) != 0) return hdf5_unread;
  H5T_order_t order = H5Tget_order(type);
  if (order != H5T_ORDER_LE && order != H5T_ORDER_BE && order != H5T_ORDER_NONE) return hdf5_unread;
  if (kind == H5T_INTEGER) return size & (size - 1) ? hdf5_unread : hdf5_number;
  if (kind != H5T_FLOAT) return hdf5_unread;
  size_t sign, exponent, exponents, mantissa, mantissas;
  if (H5Tget_fields(type, &sign, &exponent, &exponents, &mantissa, &mantissas) < 0) return hdf5_unread;
  size_t wanted = size == 2 ? 5 : size == 4 ? 8 : size == 8 ? 11 : 0;
  if (wanted == 0 || exponents != wanted || mantissa != 0 || mantissas != 8 * size - 1 - wanted) return hdf5_unread;
  if (exponent != mantissas || sign != 8 * size - 1 || H5Tget_norm(type) != H5T_NORM_IMPLIED) return hdf5_unread;
  return H5Tget_ebias(type) == ((size_t)1 << (wanted - 1)) - 1 ? hdf5_number : hdf5_unread;
}

static inline hid_t hdf5_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t hdf5_double(void) { return H5T_NATIVE_DOUBLE; }

// A type in memory of texts: of any length, or of the stored type's.
static inline hid_t hdf5_text_type(hid_t stored) {
  hid_t type = H5Tcopy(H5T_C_S1);
  if (type < 0) return -1;
  int isVariable = H5Tis_variable_str(stored) > 0;
  if (H5Tset_size(type, isVariable ? H5T_VARIABLE : H5Tget_size(stored)) < 0 ||
      H5Tset_cset(type, H5Tget_cset(stored)) < 0 || H5Tset_strpad(type, H5T_STR_NULLPAD) < 0) {
    if (isVariable && H5Tset_size(type, H5T_VARIABLE) >= 0) return type;
    H5Tclose(type);
    return -1;
  }
  return type;
}

// Whether values of a dataset are in its own file: neither in other files nor in other datasets.
static inline int hdf5_is_own(hid_t creation) {
  H5D_layout_t layout = H5Pget_layout(creation);
  if (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED) return 0;
  return H5Pget_external_count(creation) == 0;
}

// The elements of a chunk, 1 for what is not in chunks, or 0.
static inline unsigned long long hdf5_chunk(hid_t creation) {
  if (H5Pget_layout(creation) != H5D_CHUNKED) return 1;
  hsize_t sides[H5S_MAX_RANK];
  int rank = H5Pget_chunk(creation, H5S_MAX_RANK, sides);
  unsigned long long count = 1;
  for (int axis = 0; axis < rank && axis < H5S_MAX_RANK; axis++) {
    if (sides[axis] == 0 || sides[axis] > (1ULL << 40) / count) return 0;
    count *= sides[axis];
  }
  return rank > 0 ? count : 0;
}

// The number of the first filter that is not in this library, with its name; 0 where there is none.
static inline int hdf5_missing_filter(hid_t creation, char *name, size_t room) {
  int count = H5Pget_nfilters(creation);
  for (int index = 0; index < count; index++) {
    unsigned flags, settings;
    size_t values = 0;
    name[0] = 0;
    H5Z_filter_t filter = H5Pget_filter2(creation, (unsigned)index, &flags, &values, NULL, room, name, &settings);
    name[room - 1] = 0;
    if (filter < 0) return -1;
    if (H5Zfilter_avail(filter) <= 0) return filter;
  }
  return count < 0 ? -1 : 0;
}
