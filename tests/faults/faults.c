/* Loaded before the C library (LD_PRELOAD): a clock that is wrong by so many seconds, a disk on which nothing more fits.
 * Both stand in a small file that the test changes: two 64-bit numbers, the seconds and whether the disk is full. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *faults;

__attribute__((constructor)) static void open_faults(void) {
    const char *path = getenv("FAULTS");
    int file = path ? open(path, O_RDONLY) : -1;
    if (file < 0) return;
    void *found = mmap(NULL, 16, PROT_READ, MAP_SHARED, file, 0);
    if (found != MAP_FAILED) faults = found;
    close(file);
}

int clock_gettime(clockid_t id, struct timespec *now) {
    long result = syscall(SYS_clock_gettime, id, now);
    if (result == 0 && faults && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) now->tv_sec += faults[0];
    return (int)result;
}

int gettimeofday(struct timeval *now, void *zone) {
    long result = syscall(SYS_gettimeofday, now, zone);
    if (result == 0 && faults) now->tv_sec += faults[0];
    return (int)result;
}

time_t time(time_t *place) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (place) *place = now.tv_sec;
    return now.tv_sec;
}

static int full(int file) {
    struct stat about;
    if (!faults || !faults[1] || fstat(file, &about) || !S_ISREG(about.st_mode)) return 0;
    errno = ENOSPC;
    return 1;
}

ssize_t write(int file, const void *bytes, size_t count) {
    return full(file) ? -1 : syscall(SYS_write, file, bytes, count);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    return full(file) ? -1 : syscall(SYS_pwrite64, file, bytes, count, at);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
    return pwrite64(file, bytes, count, at);
}
