// What the library offers is in ctorch_distributed.h of CTorch, which opens it.
