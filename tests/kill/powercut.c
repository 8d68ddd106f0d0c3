/* Writes down what a program does to the files of one folder, in the order in which it does it.

   Preloaded before the C library, so SQLite's own calls pass here too. Every write, cut, rename, removal, sync is one record
   in the file named by POWERCUT_LOG, if it is about a file below POWERCUT_FOLDER:

     one letter, path length (4 bytes), path, offset (8), size (8), bytes

   W write   T cut to `offset`   S sync of a file   D sync of a folder   R rename (bytes: the new path)   U removal   C creation
   L second name (bytes)
*/
#define _GNU_SOURCE
#define _LARGEFILE64_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static int log_file = -1;
static const char *folder;
static size_t folder_length;

#define REAL(name) __typeof__(name) *real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("POWERCUT_LOG");
  folder = getenv("POWERCUT_FOLDER");
  if (!path || !folder) return;
  folder_length = strlen(folder);
  log_file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}


static int ours(const char *path) {
  return log_file >= 0 && path && !strncmp(path, folder, folder_length) && (path[folder_length] == '/' || !path[folder_length]);
}

static int path_of(int file, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, 4095);
  if (length <= 0) return 0;
  path[length] = 0;
  return ours(path);
}

/* One call for one record: several processes may write into one record, and the kernel keeps appended ones apart. */
static void note(char what, const char *path, uint64_t offset, const void *bytes, uint64_t size) {
  uint32_t length = strlen(path);
  struct iovec parts[] = {{&what, 1}, {&length, 4}, {(void *)path, length}, {&offset, 8}, {&size, 8}, {(void *)bytes, size}};
  if (syscall(SYS_writev, log_file, parts, 6) != (ssize_t)(21 + length + size)) abort();
}

/* The record is written after the call succeeds and before anybody can act on it. */
#define GUARDED(call, success, record)         \
  pthread_mutex_lock(&one);                    \
  __typeof__(call) answer = call;              \
  if (success) { record; }                     \
  pthread_mutex_unlock(&one);                  \
  return answer

#define ON_A_FILE(call, success, record)       \
  char path[4096];                             \
  if (log_file < 0 || file == log_file || !path_of(file, path)) return call; \
  GUARDED(call, success, record)

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t at) {
  REAL(pwrite64);
  ON_A_FILE(real(file, bytes, size, at), answer > 0, note('W', path, at, bytes, answer));
}
ssize_t pwrite(int file, const void *bytes, size_t size, off_t at) {
  REAL(pwrite);
  ON_A_FILE(real(file, bytes, size, at), answer > 0, note('W', path, at, bytes, answer));
}
ssize_t write(int file, const void *bytes, size_t size) {
  REAL(write);
  ON_A_FILE(real(file, bytes, size), answer > 0, note('W', path, lseek(file, 0, SEEK_CUR) - answer, bytes, answer));
}
int ftruncate64(int file, off64_t size) {
  REAL(ftruncate64);
  ON_A_FILE(real(file, size), !answer, note('T', path, size, 0, 0));
}
int ftruncate(int file, off_t size) {
  REAL(ftruncate);
  ON_A_FILE(real(file, size), !answer, note('T', path, size, 0, 0));
}
static void note_sync(int file, const char *path) {
  struct stat about;
  note(!fstat(file, &about) && S_ISDIR(about.st_mode) ? 'D' : 'S', path, 0, 0, 0);
}
int fsync(int file) {
  REAL(fsync);
  ON_A_FILE(real(file), !answer, note_sync(file, path));
}
int fdatasync(int file) {
  REAL(fdatasync);
  ON_A_FILE(real(file), !answer, note_sync(file, path));
}

static int opened(int file, int flags) {
  char path[4096];
  if (file >= 0 && log_file >= 0 && flags & O_CREAT && path_of(file, path)) {
    pthread_mutex_lock(&one);
    note('C', path, 0, 0, 0);
    if (flags & O_TRUNC) note('T', path, 0, 0, 0);
    pthread_mutex_unlock(&one);
  }
  return file;
}
#define MODE                                          \
  mode_t mode = 0;                                    \
  if (flags & O_CREAT) {                              \
    va_list rest;                                     \
    va_start(rest, flags), mode = va_arg(rest, mode_t), va_end(rest); \
  }
int open(const char *path, int flags, ...) { REAL(open); MODE; return opened(real(path, flags, mode), flags); }
int open64(const char *path, int flags, ...) { REAL(open64); MODE; return opened(real(path, flags, mode), flags); }
int openat(int at, const char *path, int flags, ...) { REAL(openat); MODE; return opened(real(at, path, flags, mode), flags); }
int openat64(int at, const char *path, int flags, ...) { REAL(openat64); MODE; return opened(real(at, path, flags, mode), flags); }

int unlink(const char *path) {
  REAL(unlink);
  if (!ours(path)) return real(path);
  GUARDED(real(path), !answer, note('U', path, 0, 0, 0));
}
int rename(const char *from, const char *to) {
  REAL(rename);
  if (!ours(from)) return real(from, to);
  GUARDED(real(from, to), !answer, note('R', from, 0, to, strlen(to)));
}
int link(const char *from, const char *to) {
  REAL(link);
  if (!ours(to)) return real(from, to);
  GUARDED(real(from, to), !answer, note('L', from, 0, to, strlen(to)));
}

/* What the kernel copies by itself is read back from where it went. */
static void note_copied(const char *path, off64_t at, size_t size) {
  char *bytes = malloc(size);
  int again = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (!bytes || again < 0 || syscall(SYS_pread64, again, bytes, size, at) != (ssize_t)size) abort();
  note('W', path, at, bytes, size);
  close(again), free(bytes);
}
ssize_t sendfile64(int file, int from, off64_t *at, size_t size) {
  REAL(sendfile64);
  ON_A_FILE(real(file, from, at, size), answer > 0, note_copied(path, lseek64(file, 0, SEEK_CUR) - answer, answer));
}
ssize_t sendfile(int file, int from, off_t *at, size_t size) {
  REAL(sendfile);
  ON_A_FILE(real(file, from, at, size), answer > 0, note_copied(path, lseek(file, 0, SEEK_CUR) - answer, answer));
}

/* What could slip by unseen ends the program, so that the test cannot pass by looking away. */
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at) {
  char path[4096];
  REAL(pwritev);
  if (log_file >= 0 && path_of(file, path)) abort();
  return real(file, parts, count, at);
}
