// Reads an HDF5 file in a child process, since libhdf5 may end the process that reads a damaged one. What the child finds
// is a stream of records, each a byte of ``hdf5_record`` and what stands beside it there; numbers have 64 bits, texts
// a length before them.
#pragma once
#include "child.h"
#include "library.h"
#include <fcntl.h>
#include <stdlib.h>

enum hdf5_record {
  hdf5_end = 'E',        // nothing: all has been said
  hdf5_unopened = 'U',   // nothing: the library does not open the file
  hdf5_attribute = 'A',  // path of the object, name, values
  hdf5_array = 'D',      // path, hdf5_kind, rank, sides, and values or none
  hdf5_unread_array = 'N',  // path, hdf5_problem, number of the filter, its name
  hdf5_link = 'L',       // path: a link to another place or file
  hdf5_damaged = 'X',    // path
  hdf5_deep = 'T',       // path: more groups in groups than are entered
  hdf5_dataset_values = 'V',  // rank, sides, and values
};

// What values are: none; a number each of 32 or 64 bits, after their count; or texts, after their count.
enum hdf5_values { hdf5_none = '-', hdf5_floats = 'f', hdf5_doubles = 'd', hdf5_texts = 't' };

enum hdf5_problem {
  hdf5_fine,
  hdf5_broken,
  hdf5_elsewhere,
  hdf5_empty,
  hdf5_no_numbers,
  hdf5_filtered,
  hdf5_unwritten,
  hdf5_too_many,
  hdf5_large_chunks,
};

enum {
  hdf5_most_depth = 16,
  hdf5_most_objects = 1 << 16,
  hdf5_most_attributes = 256,
  // Elements of what is told at once: names of channels; and texts of one attribute.
  hdf5_most_small = 4096,
  hdf5_most_texts = 64,
  hdf5_path_room = 4096,
};

// Deflate makes at most 1032 bytes of one; what claims more is nothing, however it is compressed.
static const unsigned long long hdf5_expansion = 1032;

struct hdf5_walk {
  struct hdf5_output *output;
  unsigned long long fileSize;
  unsigned long long seen[hdf5_most_objects];
  size_t objects, links;
  char path[hdf5_path_room];
};

static inline void hdf5_tell(struct hdf5_output *output, enum hdf5_record record, const char *path) {
  unsigned char byte = (unsigned char)record;
  hdf5_put(output, &byte, 1);
  if (path != NULL) hdf5_put_text(output, path, strlen(path));
}

// What of a dataset is asked for, and what it is.
struct hdf5_shape {
  int rank;
  hsize_t sides[H5S_MAX_RANK];
  unsigned long long count;
  int kind;
  enum hdf5_problem problem;
  int filter;
  char filterName[64];
};

// Nothing of a dataset's values is read, and no other file opened.
static inline enum hdf5_problem hdf5_check(
    struct hdf5_shape *shape, hid_t dataset, hid_t creation, hid_t type, unsigned long long fileSize) {
  // Before anything else is asked, since the shape of a virtual dataset is asked of other files.
  if (!hdf5_is_own(creation)) return hdf5_elsewhere;
  hid_t space = H5Dget_space(dataset);
  if (space < 0) return hdf5_broken;
  if (H5Sget_simple_extent_type(space) == H5S_NULL) return hdf5_empty;
  shape->rank = H5Sget_simple_extent_ndims(space);
  if (shape->rank < 0 || shape->rank > H5S_MAX_RANK) return hdf5_broken;
  if (shape->rank > 0 && H5Sget_simple_extent_dims(space, shape->sides, NULL) != shape->rank) return hdf5_broken;
  H5Sclose(space);
  shape->count = 1;
  for (int axis = 0; axis < shape->rank; axis++) {
    if (shape->sides[axis] == 0) return hdf5_empty;
    if (shape->sides[axis] > (1ULL << 40) / shape->count) return hdf5_too_many;
    shape->count *= shape->sides[axis];
  }
  shape->kind = hdf5_kind(type);
  if (shape->kind == hdf5_unread) return hdf5_no_numbers;
  shape->filter = hdf5_missing_filter(creation, shape->filterName, sizeof(shape->filterName));
  if (shape->filter != 0) return hdf5_filtered;
  unsigned long long size = H5Tget_size(type), stored = H5Dget_storage_size(dataset);
  if (stored == 0) return hdf5_unwritten;
  if (size == 0 || size > 1 << 20 || stored > fileSize) return hdf5_broken;
  if (shape->count * size / hdf5_expansion > stored) return hdf5_too_many;
  // Chunks are read whole.
  unsigned long long chunk = hdf5_chunk(creation), room = stored * hdf5_expansion;
  if (room > 1 << 30) room = 1 << 30;
  if (room < 1 << 20) room = 1 << 20;
  return chunk == 0 || chunk > room / size ? hdf5_large_chunks : hdf5_fine;
}

static inline void hdf5_look(struct hdf5_shape *shape, hid_t dataset, unsigned long long fileSize) {
  memset(shape, 0, sizeof(*shape));
  hid_t creation = H5Dget_create_plist(dataset), type = H5Dget_type(dataset);
  shape->problem =
      creation < 0 || type < 0 ? hdf5_broken : hdf5_check(shape, dataset, creation, type, fileSize);
  if (creation >= 0) H5Pclose(creation);
  if (type >= 0) H5Tclose(type);
}

// Values of a dataset, or of an attribute where that is one.
static inline herr_t hdf5_read(hid_t object, int isAttribute, hid_t type, void *buffer) {
  return isAttribute ? H5Aread(object, type, buffer) : H5Dread(object, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer);
}

// Tells so many values of a dataset or attribute, or that they cannot be read. Its memory goes with the process.
static inline void hdf5_tell_values(
    struct hdf5_output *output, hid_t object, int isAttribute, size_t count, enum hdf5_values wanted) {
  unsigned char none = hdf5_none, kind = (unsigned char)wanted;
  hid_t stored = isAttribute ? H5Aget_type(object) : H5Dget_type(object);
  hid_t memory = wanted == hdf5_floats    ? H5T_NATIVE_FLOAT
                 : wanted == hdf5_doubles ? H5T_NATIVE_DOUBLE
                                          : hdf5_text_type(stored);
  int isVariable = wanted == hdf5_texts && H5Tis_variable_str(stored) > 0;
  size_t size = memory < 0 ? 0 : isVariable ? sizeof(char *) : H5Tget_size(memory);
  char *values = size == 0 || count > (1ULL << 40) / size ? NULL : (char *)calloc(count, size);
  if (values == NULL || hdf5_read(object, isAttribute, memory, values) < 0) {
    free(values);
    hdf5_put(output, &none, 1);
    return;
  }
  hdf5_put(output, &kind, 1);
  hdf5_put_number(output, count);
  if (wanted != hdf5_texts) hdf5_put(output, values, count * size);
  for (size_t index = 0; wanted == hdf5_texts && index < count; index++) {
    const char *text = isVariable ? ((char **)values)[index] : values + index * size;
    hdf5_put_text(output, text == NULL ? "" : text, text == NULL ? 0 : isVariable ? strlen(text) : strnlen(text, size));
  }
  free(values);
}

// Tells the attributes of an object that are a number or texts, and whether MATLAB says that it is a text.
static inline int hdf5_tell_attributes(struct hdf5_walk *walk, hid_t object) {
  int isCharacters = 0;
  for (hsize_t index = 0; index < hdf5_most_attributes; index++) {
    hid_t attribute = H5Aopen_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_NATIVE, index, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0) break;
    char name[64];
    ssize_t length = H5Aget_name(attribute, sizeof(name), name);
    hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    hssize_t count = space < 0 ? 0 : H5Sget_simple_extent_npoints(space);
    int kind = type < 0 ? hdf5_unread : hdf5_kind(type);
    int isRead = kind == hdf5_number ? count == 1 : kind == hdf5_text && count > 0 && count <= hdf5_most_texts;
    if (length > 0 && length < (ssize_t)sizeof(name) && isRead) {
      hdf5_tell(walk->output, hdf5_attribute, walk->path);
      hdf5_put_text(walk->output, name, (size_t)length);
      hdf5_tell_values(walk->output, attribute, 1, (size_t)count, kind == hdf5_number ? hdf5_doubles : hdf5_texts);
      char class[8] = {0};
      if (strcmp(name, "MATLAB_class") == 0 && kind == hdf5_text && count == 1 && !H5Tis_variable_str(type) &&
          H5Tget_size(type) == 4 && H5Aread(attribute, type, class) >= 0)
        isCharacters = strncmp(class, "char", 4) == 0;
    }
    if (type >= 0) H5Tclose(type);
    if (space >= 0) H5Sclose(space);
    H5Aclose(attribute);
  }
  return isCharacters;
}

static inline void hdf5_visit_dataset(struct hdf5_walk *walk, hid_t dataset, int isCharacters) {
  struct hdf5_shape shape;
  hdf5_look(&shape, dataset, walk->fileSize);
  if (shape.problem != hdf5_fine) {
    hdf5_tell(walk->output, hdf5_unread_array, walk->path);
    hdf5_put_number(walk->output, shape.problem);
    hdf5_put_number(walk->output, (uint64_t)shape.filter);
    hdf5_put_text(walk->output, shape.filterName, strnlen(shape.filterName, sizeof(shape.filterName)));
    return;
  }
  hdf5_tell(walk->output, hdf5_array, walk->path);
  hdf5_put_number(walk->output, (uint64_t)shape.kind);
  hdf5_put_number(walk->output, (uint64_t)shape.rank);
  for (int axis = 0; axis < shape.rank; axis++) hdf5_put_number(walk->output, shape.sides[axis]);
  unsigned char none = hdf5_none;
  if (shape.kind == hdf5_text && shape.count <= hdf5_most_texts) {
    hdf5_tell_values(walk->output, dataset, 0, shape.count, hdf5_texts);
  } else if (shape.kind == hdf5_number && (shape.count == 1 || (isCharacters && shape.count <= hdf5_most_small))) {
    hdf5_tell_values(walk->output, dataset, 0, shape.count, hdf5_doubles);
  } else {
    hdf5_put(walk->output, &none, 1);
  }
}

static inline herr_t hdf5_visit_link(hid_t group, const char *name, const H5L_info_t *info, void *context);

// Tells of an object and of all below it. Only links to the file's own objects are followed, each object once, so that
// neither cycles nor other files are entered.
static inline void hdf5_visit(struct hdf5_walk *walk, hid_t object, int depth) {
  unsigned long long address = 0;
  int kind = hdf5_object(object, &address);
  if (kind != hdf5_group && kind != hdf5_dataset) return;
  for (size_t index = 0; index < walk->objects; index++)
    if (walk->seen[index] == address) return;
  if (walk->objects == hdf5_most_objects) return;
  walk->seen[walk->objects++] = address;
  int isCharacters = hdf5_tell_attributes(walk, object);
  if (kind == hdf5_dataset) {
    hdf5_visit_dataset(walk, object, isCharacters);
  } else if (depth == hdf5_most_depth) {
    hdf5_tell(walk->output, hdf5_deep, walk->path);
  } else if (H5Literate(object, H5_INDEX_NAME, H5_ITER_INC, NULL, hdf5_visit_link, walk) < 0) {
    hdf5_tell(walk->output, hdf5_damaged, walk->path);
  }
}

static inline herr_t hdf5_visit_link(hid_t group, const char *name, const H5L_info_t *info, void *context) {
  struct hdf5_walk *walk = (struct hdf5_walk *)context;
  size_t length = strlen(walk->path), before = length, added = strlen(name);
  if (++walk->links > hdf5_most_objects) return 1;
  // A name that is a path would lead through other links; MATLAB keeps in '#refs#' what cells refer to.
  if (added == 0 || strchr(name, '/') != NULL || strcmp(name, ".") == 0 || length + added + 2 > hdf5_path_room) {
    hdf5_tell(walk->output, hdf5_damaged, walk->path);
    return 0;
  }
  if (length == 0 && name[0] == '#') return 0;
  int depth = length > 0;
  for (size_t index = 0; index < length; index++) depth += walk->path[index] == '/';
  if (length > 0) walk->path[length++] = '/';
  memcpy(walk->path + length, name, added + 1);
  if (info->type != H5L_TYPE_HARD) {
    hdf5_tell(walk->output, hdf5_link, walk->path);
  } else {
    hid_t object = H5Oopen(group, name, H5P_DEFAULT);
    if (object < 0) {
      hdf5_tell(walk->output, hdf5_damaged, walk->path);
    } else {
      hdf5_visit(walk, object, depth + 1);
      H5Oclose(object);
    }
  }
  walk->path[before] = 0;
  return 0;
}

// Tells what a file holds, or the values of one dataset where a path is given.
static inline void hdf5_tell_file(
    struct hdf5_output *output, const char *file, unsigned long long fileSize, const char *path, enum hdf5_values wanted) {
  hid_t opened = hdf5_begin() < 0 ? -1 : hdf5_open(file);
  // From here on nothing else is opened, whatever the file names.
  hdf5_limit(RLIMIT_NOFILE, 0);
  if (opened < 0) {
    hdf5_tell(output, hdf5_unopened, NULL);
  } else if (path == NULL) {
    struct hdf5_walk *walk = (struct hdf5_walk *)calloc(1, sizeof(struct hdf5_walk));
    hid_t root = H5Oopen(opened, "/", H5P_DEFAULT);
    if (walk == NULL || root < 0) {
      hdf5_tell(output, hdf5_unopened, NULL);
    } else {
      walk->output = output;
      walk->fileSize = fileSize;
      hdf5_visit(walk, root, 0);
    }
  } else {
    struct hdf5_shape shape;
    unsigned long long address;
    hid_t dataset = H5Oopen(opened, path, H5P_DEFAULT);
    if (dataset >= 0 && hdf5_object(dataset, &address) == hdf5_dataset) {
      hdf5_look(&shape, dataset, fileSize);
      if (shape.problem == hdf5_fine && (wanted == hdf5_texts) == (shape.kind == hdf5_text)) {
        hdf5_tell(output, hdf5_dataset_values, NULL);
        hdf5_put_number(output, (uint64_t)shape.rank);
        for (int axis = 0; axis < shape.rank; axis++) hdf5_put_number(output, shape.sides[axis]);
        hdf5_tell_values(output, dataset, 0, shape.count, wanted);
      }
    }
  }
  hdf5_tell(output, hdf5_end, NULL);
  hdf5_flush(output);
}

// Begins a child that reads a file.
//
// `path` is a dataset, or NULL for what the file holds; `memory` the most bytes that the child may take, `seconds` its
// time. Gives the descriptor that the records are read from, and the child's number; negative where there is none.
static inline int hdf5_begin_reading(
    const char *file, unsigned long long fileSize, const char *path, int wanted, unsigned long long memory,
    unsigned seconds, int *child) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return -1;
  unsigned long long addressSpace = hdf5_address_space();
  pid_t number = fork();
  if (number == 0) {
    static struct hdf5_output output;
    output.descriptor = ends[1];
    hdf5_confine(addressSpace, memory, seconds);
    hdf5_tell_file(&output, file, fileSize, path, (enum hdf5_values)wanted);
    _exit(0);
  }
  close(ends[1]);
  if (number < 0) {
    close(ends[0]);
    return -1;
  }
  *child = number;
  return ends[0];
}

// Waits for a child, ending it where it is not to go on.
static inline void hdf5_finish(int descriptor, int child, int isToEnd) {
  close(descriptor);
  if (isToEnd) kill(child, SIGKILL);
  while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
  }
}
