// The Linux calls that the runtime needs, in the shape that Swift likes: plain integers in and out.
// Functions that can fail return a value >= 0, or the negated errno.

#ifndef CLINUX_H
#define CLINUX_H

#include <stdbool.h>
#include <stdint.h>

// MARK: Time

/// Nanoseconds of CLOCK_MONOTONIC.
int64_t clinux_monotonic_time(void);
/// Nanoseconds of CLOCK_REALTIME since 1970.
int64_t clinux_wall_time(void);
/// Nanoseconds of CPU time that the calling thread has used.
int64_t clinux_thread_time(void);
/// Sleeps to an absolute point of CLOCK_MONOTONIC; goes on after signals.
void clinux_sleep_until(int64_t deadline);

// MARK: Threads

typedef void (*clinux_thread_body)(void *context);

/// Starts a thread; the handle is for `clinux_thread_join`. `name` is cut to 15 octets.
int clinux_thread_start(const char *name, clinux_thread_body body, void *context, uint64_t *handle);
int clinux_thread_join(uint64_t handle);
/// Gives up the right to wait for the thread's end: what it holds of the system is given back when it ends.
int clinux_thread_detach(uint64_t handle);
/// Asks for time slices of so many nanoseconds in the fair class (Linux 6.12 and later).
int clinux_thread_slice(uint64_t nanoseconds);
/// Puts the calling thread into SCHED_FIFO, with RLIMIT_RTTIME as a guard against a runaway.
int clinux_thread_fifo(int priority, uint64_t limit_microseconds);
/// Raises the soft limit of open descriptors to the hard one; returns the new limit, cut to INT32_MAX.
int clinux_raise_descriptor_limit(void);
/// The number of descriptors that the process has open.
int clinux_count_descriptors(void);

// MARK: UDP

/// An address as the house writes it: both halves in host order; IPv4 lies in `lower`.
typedef struct {
  uint64_t upper;
  uint64_t lower;
  uint16_t port;
  bool is_v6;
} clinux_address;

/// One datagram of a batch that was received: where it lies in the batch's bytes, whence and when it came.
typedef struct {
  clinux_address source;
  /// CLOCK_REALTIME of the kernel's receipt in nanoseconds, 0 if the kernel did not say.
  int64_t wall_time;
  uint32_t offset;
  uint32_t count;
  /// Longer than a slot: only its start is here.
  bool is_cut;
} clinux_datagram;

/// One datagram of a batch to be sent; `offset` and `count` are within the bytes given beside it.
typedef struct {
  clinux_address destination;
  uint32_t offset;
  uint32_t count;
} clinux_outgoing;

/// Opens a non-blocking UDP socket bound to `local`; returns the descriptor. IPv6 sockets do not take IPv4.
int clinux_udp_open(clinux_address local, int receive_buffer, int send_buffer, int traffic_class);
/// The address that a socket is bound to.
int clinux_udp_local(int socket, clinux_address *local);
void clinux_close(int descriptor);
/// Receives at most `limit` datagrams with one call into slots of `slot` octets. Returns how many, 0 if none wait.
int clinux_udp_receive(
  int socket, uint8_t *bytes, uint32_t slot, clinux_datagram *datagrams, int limit);
/// Sends datagrams with one call; returns how many the kernel took, or the error of the first.
int clinux_udp_send(
  int socket, const uint8_t *bytes, const clinux_outgoing *datagrams, int count);

/// Largest number of datagrams of one receiving or sending call.
#define CLINUX_BATCH 64

// MARK: TCP

/// Opens a non-blocking listener bound to `local`; returns the descriptor. IPv6 listeners do not take IPv4.
int clinux_tcp_listen(clinux_address local, int backlog);
/// Takes one waiting connection, non-blocking; `-EAGAIN` (`clinux_would_block`): none waits. `send_buffer` in octets; after
/// `patience` milliseconds without an acknowledgement of what was sent the connection ends.
int clinux_tcp_accept(int listener, clinux_address *remote, int send_buffer, int patience, int traffic_class);
/// Reads what is there, `limit` octets at most; 0 at the peer's end, `-EAGAIN` (`clinux_would_block`): nothing is there.
int clinux_tcp_read(int socket, uint8_t *bytes, int limit);
/// Writes what the kernel takes; `-EAGAIN` (`clinux_would_block`): nothing now.
int clinux_tcp_write(int socket, const uint8_t *bytes, int count);

// MARK: Readiness

int clinux_epoll_open(void);
int clinux_epoll_add(int epoll, int descriptor, uint64_t token);
int clinux_epoll_remove(int epoll, int descriptor);
/// Tokens of descriptors that can be read now, at most `limit` (<= 256); never waits.
int clinux_epoll_poll(int epoll, uint64_t *tokens, int limit);

int clinux_event_open(void);
void clinux_event_signal(int event);
/// Waits for a signal for at most so many milliseconds, and takes it.
void clinux_event_wait(int event, int milliseconds);

// MARK: Files

/// Opens a directory that the operator configured; makes it if it is missing.
int clinux_directory_open(const char *path);
/// Opens a directory below `directory`; makes it (and what leads there) when `create`. RESOLVE_BENEATH: no way out.
int clinux_directory_open_beneath(int directory, const char *path, bool create);
/// Creates a file for reading and writing below `directory`; fails if it exists. No symbolic links.
int clinux_file_create(int directory, const char *name);
/// Opens an existing file for reading and writing below `directory`. No symbolic links.
int clinux_file_open(int directory, const char *name);
/// Opens or makes a file below `directory` and locks it for this process (flock); the lock ends with the descriptor. -EAGAIN: another
/// holds it.
int clinux_file_lock(int directory, const char *name);
/// Writes all octets at `offset`; returns 0 or the negated errno, and in `written` how far it came.
int clinux_file_write(
  int file, const uint8_t *bytes, int64_t count, int64_t offset, int64_t *written);
int64_t clinux_file_read(int file, uint8_t *bytes, int64_t count, int64_t offset);
int64_t clinux_file_size(int file);
int clinux_file_truncate(int file, int64_t size);
int clinux_file_sync(int file);
/// Writes back the whole file system that the descriptor lies on.
int clinux_filesystem_sync(int descriptor);
int clinux_rename(int directory, const char *from, const char *to);
int clinux_remove(int directory, const char *name);
/// Share of the file system that is free for us, 0 to 1; negated errno below 0.
double clinux_free_share(int descriptor);
/// The octets that are free for us.
int64_t clinux_free_octets(int descriptor);

/// What a directory entry is.
enum clinux_entry_kind { clinux_entry_other = 0, clinux_entry_file = 1, clinux_entry_directory = 2 };
typedef void (*clinux_entry_body)(void *context, const char *name, int kind);
/// Calls `body` for each entry of the directory except `.` and `..`; symbolic links count as other.
int clinux_directory_list(int directory, clinux_entry_body body, void *context);

/// The C library's words for an errno; the text lives as long as the thread.
const char *clinux_error_text(int code);

extern const int clinux_address_in_use;
extern const int clinux_would_block;
extern const int clinux_no_descriptors;
extern const int clinux_no_descriptors_in_system;
extern const int clinux_no_space;
extern const int clinux_io_error;
extern const int clinux_exists;
extern const int clinux_missing;
extern const int clinux_no_key;
extern const int clinux_key_rejected;
extern const int clinux_bad_message;

#endif
