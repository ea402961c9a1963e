/*
 * Loaded before the C library, gives a process a wall clock of its own: the machine's and as many seconds more as the
 * first eight bytes of the file $WALL_CLOCK say at that moment. The monotonic clock stays the machine's. For Linux.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *ahead;

__attribute__((constructor)) static void find(void) {
    const char *file = getenv("WALL_CLOCK");
    int open_file = file ? open(file, O_RDONLY) : -1;
    if (open_file >= 0) {
        void *content = mmap(NULL, sizeof *ahead, PROT_READ, MAP_SHARED, open_file, 0);
        close(open_file);
        if (content != MAP_FAILED) ahead = content;
    }
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = syscall(SYS_clock_gettime, clock, now);
    if (!failed && ahead && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += *ahead;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec precise;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *now) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    if (now) *now = precise.tv_sec;
    return precise.tv_sec;
}
