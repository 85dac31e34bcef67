/* The library exports one function, ct_table, that ctorch.h describes. */
