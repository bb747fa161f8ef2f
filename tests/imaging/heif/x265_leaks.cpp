// LeakSanitizer asks the program by this name what it is to overlook. The encoder x265, which only
// these tests use, to make their samples, does not free all that it takes.
extern "C" const char* __lsan_default_suppressions();

extern "C" const char* __lsan_default_suppressions() {
  return "leak:libx265";
}
