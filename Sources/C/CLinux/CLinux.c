#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

const int clinux_address_in_use = EADDRINUSE;
const int clinux_would_block = EAGAIN;
const int clinux_no_descriptors = EMFILE;
const int clinux_no_descriptors_in_system = ENFILE;
const int clinux_no_space = ENOSPC;
const int clinux_io_error = EIO;
const int clinux_exists = EEXIST;
const int clinux_missing = ENOENT;
const int clinux_no_key = ENOKEY;
const int clinux_key_rejected = EKEYREJECTED;
const int clinux_bad_message = EBADMSG;

// MARK: Time

static int64_t clock_nanoseconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t clinux_monotonic_time(void) { return clock_nanoseconds(CLOCK_MONOTONIC); }
int64_t clinux_wall_time(void) { return clock_nanoseconds(CLOCK_REALTIME); }
int64_t clinux_thread_time(void) { return clock_nanoseconds(CLOCK_THREAD_CPUTIME_ID); }

void clinux_sleep_until(int64_t deadline) {
  struct timespec time = {.tv_sec = deadline / 1000000000, .tv_nsec = deadline % 1000000000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) {
  }
}

// MARK: Threads

struct thread_start {
  clinux_thread_body body;
  void *context;
  char name[16];
};

static void *run_thread(void *argument) {
  struct thread_start start = *(struct thread_start *)argument;
  free(argument);
  pthread_setname_np(pthread_self(), start.name);
  start.body(start.context);
  return NULL;
}

int clinux_thread_start(const char *name, clinux_thread_body body, void *context, uint64_t *handle) {
  struct thread_start *start = calloc(1, sizeof *start);
  if (!start) return -ENOMEM;
  start->body = body;
  start->context = context;
  strncpy(start->name, name, sizeof start->name - 1);
  pthread_t thread;
  int error = pthread_create(&thread, NULL, run_thread, start);
  if (error) {
    free(start);
    return -error;
  }
  *handle = (uint64_t)thread;
  return 0;
}

int clinux_thread_join(uint64_t handle) { return -pthread_join((pthread_t)handle, NULL); }

int clinux_thread_detach(uint64_t handle) { return -pthread_detach((pthread_t)handle); }

// The C library does not declare sched_setattr everywhere; the layout is the kernel's first version.
struct scheduling {
  uint32_t size;
  uint32_t policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime;
  uint64_t deadline;
  uint64_t period;
};

int clinux_thread_slice(uint64_t nanoseconds) {
  struct scheduling scheduling = {.size = sizeof scheduling, .policy = SCHED_OTHER, .runtime = nanoseconds};
  return syscall(SYS_sched_setattr, 0, &scheduling, 0) == 0 ? 0 : -errno;
}

int clinux_thread_fifo(int priority, uint64_t limit_microseconds) {
  struct rlimit limit = {.rlim_cur = limit_microseconds, .rlim_max = limit_microseconds};
  if (setrlimit(RLIMIT_RTTIME, &limit) != 0) return -errno;
  struct scheduling scheduling = {.size = sizeof scheduling, .policy = SCHED_FIFO, .priority = (uint32_t)priority};
  return syscall(SYS_sched_setattr, 0, &scheduling, 0) == 0 ? 0 : -errno;
}

int clinux_raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
  return limit.rlim_cur > INT32_MAX ? INT32_MAX : (int)limit.rlim_cur;
}

int clinux_count_descriptors(void) {
  DIR *stream = opendir("/proc/self/fd");
  if (!stream) return -errno;
  int count = 0;
  for (struct dirent *entry = readdir(stream); entry; entry = readdir(stream)) {
    if (entry->d_name[0] != '.') count++;
  }
  closedir(stream);
  return count - 1;  // the listing's own
}

// MARK: UDP

static socklen_t to_system(clinux_address address, struct sockaddr_storage *storage) {
  if (address.is_v6) {
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)storage;
    memset(v6, 0, sizeof *v6);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(address.port);
    for (int i = 0; i < 8; i++) {
      v6->sin6_addr.s6_addr[i] = (uint8_t)(address.upper >> (56 - 8 * i));
      v6->sin6_addr.s6_addr[8 + i] = (uint8_t)(address.lower >> (56 - 8 * i));
    }
    return sizeof *v6;
  }
  struct sockaddr_in *v4 = (struct sockaddr_in *)storage;
  memset(v4, 0, sizeof *v4);
  v4->sin_family = AF_INET;
  v4->sin_port = htons(address.port);
  v4->sin_addr.s_addr = htonl((uint32_t)address.lower);
  return sizeof *v4;
}

static clinux_address from_system(const struct sockaddr_storage *storage) {
  clinux_address address = {0};
  if (storage->ss_family == AF_INET6) {
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)storage;
    address.is_v6 = true;
    address.port = ntohs(v6->sin6_port);
    for (int i = 0; i < 8; i++) {
      address.upper = address.upper << 8 | v6->sin6_addr.s6_addr[i];
      address.lower = address.lower << 8 | v6->sin6_addr.s6_addr[8 + i];
    }
  } else if (storage->ss_family == AF_INET) {
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)storage;
    address.port = ntohs(v4->sin_port);
    address.lower = ntohl(v4->sin_addr.s_addr);
  }
  return address;
}

int clinux_udp_open(clinux_address local, int receive_buffer, int send_buffer, int traffic_class) {
  int family = local.is_v6 ? AF_INET6 : AF_INET;
  int descriptor = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -errno;
  int on = 1;
  if (local.is_v6) {
    setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    setsockopt(descriptor, IPPROTO_IPV6, IPV6_TCLASS, &traffic_class, sizeof traffic_class);
  } else {
    setsockopt(descriptor, IPPROTO_IP, IP_TOS, &traffic_class, sizeof traffic_class);
  }
  // Only wishes: the kernel cuts them to net.core.rmem_max and wmem_max.
  setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
  setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  struct sockaddr_storage storage;
  socklen_t size = to_system(local, &storage);
  if (bind(descriptor, (struct sockaddr *)&storage, size) != 0) {
    int error = errno;
    close(descriptor);
    return -error;
  }
  return descriptor;
}

int clinux_udp_local(int socket, clinux_address *local) {
  struct sockaddr_storage storage;
  socklen_t size = sizeof storage;
  if (getsockname(socket, (struct sockaddr *)&storage, &size) != 0) return -errno;
  *local = from_system(&storage);
  return 0;
}

void clinux_close(int descriptor) { close(descriptor); }

int clinux_udp_receive(
  int socket, uint8_t *bytes, uint32_t slot, clinux_datagram *datagrams, int limit) {
  struct mmsghdr headers[CLINUX_BATCH];
  struct iovec vectors[CLINUX_BATCH];
  struct sockaddr_storage sources[CLINUX_BATCH];
  union {
    struct cmsghdr header;
    uint8_t bytes[CMSG_SPACE(sizeof(struct timespec))];
  } controls[CLINUX_BATCH];
  if (limit > CLINUX_BATCH) limit = CLINUX_BATCH;
  for (int i = 0; i < limit; i++) {
    vectors[i].iov_base = bytes + (size_t)slot * (size_t)i;
    vectors[i].iov_len = slot;
    headers[i].msg_hdr.msg_name = &sources[i];
    headers[i].msg_hdr.msg_namelen = sizeof sources[i];
    headers[i].msg_hdr.msg_iov = &vectors[i];
    headers[i].msg_hdr.msg_iovlen = 1;
    headers[i].msg_hdr.msg_control = &controls[i];
    headers[i].msg_hdr.msg_controllen = sizeof controls[i];
    headers[i].msg_hdr.msg_flags = 0;
  }
  int count = recvmmsg(socket, headers, (unsigned)limit, MSG_DONTWAIT, NULL);
  if (count < 0) return errno == EAGAIN || errno == EINTR ? 0 : -errno;
  for (int i = 0; i < count; i++) {
    clinux_datagram *datagram = &datagrams[i];
    datagram->source = from_system(&sources[i]);
    datagram->offset = slot * (uint32_t)i;
    datagram->count = headers[i].msg_len;
    datagram->is_cut = (headers[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
    datagram->wall_time = 0;
    struct cmsghdr *control = CMSG_FIRSTHDR(&headers[i].msg_hdr);
    if (control && control->cmsg_level == SOL_SOCKET && control->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec time;
      memcpy(&time, CMSG_DATA(control), sizeof time);
      datagram->wall_time = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
    }
  }
  return count;
}

int clinux_udp_send(
  int socket, const uint8_t *bytes, const clinux_outgoing *datagrams, int count) {
  struct mmsghdr headers[CLINUX_BATCH];
  struct iovec vectors[CLINUX_BATCH];
  struct sockaddr_storage destinations[CLINUX_BATCH];
  if (count == 1) {
    socklen_t size = to_system(datagrams[0].destination, &destinations[0]);
    ssize_t sent = sendto(
      socket, bytes + datagrams[0].offset, datagrams[0].count, MSG_DONTWAIT | MSG_NOSIGNAL,
      (struct sockaddr *)&destinations[0], size);
    return sent < 0 ? -errno : 1;
  }
  if (count > CLINUX_BATCH) count = CLINUX_BATCH;
  for (int i = 0; i < count; i++) {
    vectors[i].iov_base = (void *)(bytes + datagrams[i].offset);
    vectors[i].iov_len = datagrams[i].count;
    memset(&headers[i].msg_hdr, 0, sizeof headers[i].msg_hdr);
    headers[i].msg_hdr.msg_name = &destinations[i];
    headers[i].msg_hdr.msg_namelen = to_system(datagrams[i].destination, &destinations[i]);
    headers[i].msg_hdr.msg_iov = &vectors[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  int sent = sendmmsg(socket, headers, (unsigned)count, MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent < 0 ? -errno : sent;
}

// MARK: TCP

int clinux_tcp_listen(clinux_address local, int backlog) {
  int descriptor = socket(local.is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -errno;
  int on = 1;
  if (local.is_v6) setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  // A server that starts again must not wait for the end of its former connections.
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_storage storage;
  socklen_t size = to_system(local, &storage);
  if (bind(descriptor, (struct sockaddr *)&storage, size) != 0 || listen(descriptor, backlog) != 0) {
    int error = errno;
    close(descriptor);
    return -error;
  }
  return descriptor;
}

int clinux_tcp_accept(int listener, clinux_address *remote, int send_buffer, int patience, int traffic_class) {
  struct sockaddr_storage storage;
  socklen_t size = sizeof storage;
  int descriptor = accept4(listener, (struct sockaddr *)&storage, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor < 0) return -errno;
  *remote = from_system(&storage);
  int on = 1;
  unsigned milliseconds = (unsigned)patience;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
  setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
  if (remote->is_v6) {
    setsockopt(descriptor, IPPROTO_IPV6, IPV6_TCLASS, &traffic_class, sizeof traffic_class);
  } else {
    setsockopt(descriptor, IPPROTO_IP, IP_TOS, &traffic_class, sizeof traffic_class);
  }
  return descriptor;
}

int clinux_tcp_read(int socket, uint8_t *bytes, int limit) {
  ssize_t count = recv(socket, bytes, (size_t)limit, MSG_DONTWAIT);
  if (count < 0) return errno == EINTR ? -EAGAIN : -errno;
  return (int)count;
}

int clinux_tcp_write(int socket, const uint8_t *bytes, int count) {
  ssize_t sent = send(socket, bytes, (size_t)count, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0) return errno == EINTR ? -EAGAIN : -errno;
  return (int)sent;
}

// MARK: Readiness

int clinux_epoll_open(void) {
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  return epoll < 0 ? -errno : epoll;
}

int clinux_epoll_add(int epoll, int descriptor, uint64_t token) {
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = token};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : -errno;
}

int clinux_epoll_remove(int epoll, int descriptor) {
  return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, NULL) == 0 ? 0 : -errno;
}

int clinux_epoll_poll(int epoll, uint64_t *tokens, int limit) {
  struct epoll_event events[256];
  if (limit > 256) limit = 256;
  int count = epoll_wait(epoll, events, limit, 0);
  if (count < 0) return errno == EINTR ? 0 : -errno;
  for (int i = 0; i < count; i++) tokens[i] = events[i].data.u64;
  return count;
}

int clinux_event_open(void) {
  int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return event < 0 ? -errno : event;
}

void clinux_event_signal(int event) {
  uint64_t one = 1;
  // Can only fail when the counter is full: then the reader is woken anyway.
  ssize_t ignored = write(event, &one, sizeof one);
  (void)ignored;
}

void clinux_event_wait(int event, int milliseconds) {
  struct pollfd poll_set = {.fd = event, .events = POLLIN};
  if (poll(&poll_set, 1, milliseconds) > 0) {
    uint64_t count;
    ssize_t ignored = read(event, &count, sizeof count);
    (void)ignored;
  }
}

// MARK: Files

static int open_beneath(int directory, const char *path, uint64_t flags, uint64_t mode) {
  struct open_how how = {
    .flags = flags | O_CLOEXEC, .mode = mode, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
  long descriptor;
  do {
    descriptor = syscall(SYS_openat2, directory, path, &how, sizeof how);
  } while (descriptor < 0 && (errno == EINTR || errno == EAGAIN));
  return descriptor < 0 ? -errno : (int)descriptor;
}

int clinux_directory_open(const char *path) {
  char partial[4096];
  size_t length = strlen(path);
  if (length == 0) return -ENOENT;
  if (length >= sizeof partial) return -ENAMETOOLONG;
  memcpy(partial, path, length + 1);
  for (size_t i = 1; i <= length; i++) {
    if (partial[i] != '/' && partial[i] != 0) continue;
    char kept = partial[i];
    partial[i] = 0;
    if (mkdir(partial, 0750) != 0 && errno != EEXIST) {
      // A parent may be unwritable and yet be there: the last open decides.
      if (kept == 0) return -errno;
    }
    partial[i] = kept;
  }
  int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}

int clinux_directory_open_beneath(int directory, const char *path, bool create) {
  char part[256];
  int current = open_beneath(directory, ".", O_RDONLY | O_DIRECTORY, 0);
  while (current >= 0 && *path) {
    size_t length = strcspn(path, "/");
    if (length >= sizeof part) {
      close(current);
      return -ENAMETOOLONG;
    }
    memcpy(part, path, length);
    part[length] = 0;
    path += length;
    while (*path == '/') path++;
    // "" is a leading slash: an absolute path has no business here. ".." is refused by RESOLVE_BENEATH only at the root.
    if (length == 0 || strcmp(part, "..") == 0) {
      close(current);
      return -EXDEV;
    }
    if (create && mkdirat(current, part, 0750) != 0 && errno != EEXIST) {
      int error = errno;
      close(current);
      return -error;
    }
    int next = open_beneath(current, part, O_RDONLY | O_DIRECTORY, 0);
    close(current);
    current = next;
  }
  return current;
}

int clinux_file_create(int directory, const char *name) {
  return open_beneath(directory, name, O_RDWR | O_CREAT | O_EXCL, 0640);
}

int clinux_file_open(int directory, const char *name) { return open_beneath(directory, name, O_RDWR, 0); }

int clinux_file_lock(int directory, const char *name) {
  int file = open_beneath(directory, name, O_RDWR | O_CREAT, 0640);
  if (file < 0) return file;
  while (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    int error = errno;
    close(file);
    return -error;
  }
  return file;
}

int clinux_file_write(
  int file, const uint8_t *bytes, int64_t count, int64_t offset, int64_t *written) {
  *written = 0;
  while (*written < count) {
    ssize_t step = pwrite(file, bytes + *written, (size_t)(count - *written), offset + *written);
    if (step < 0) {
      if (errno == EINTR) continue;
      return -errno;
    }
    if (step == 0) return -ENOSPC;
    *written += step;
  }
  return 0;
}

int64_t clinux_file_read(int file, uint8_t *bytes, int64_t count, int64_t offset) {
  int64_t total = 0;
  while (total < count) {
    ssize_t step = pread(file, bytes + total, (size_t)(count - total), offset + total);
    if (step < 0) {
      if (errno == EINTR) continue;
      return -errno;
    }
    if (step == 0) break;
    total += step;
  }
  return total;
}

int64_t clinux_file_size(int file) {
  struct stat status;
  return fstat(file, &status) == 0 ? status.st_size : -errno;
}

int clinux_file_truncate(int file, int64_t size) { return ftruncate(file, size) == 0 ? 0 : -errno; }
int clinux_file_sync(int file) { return fsync(file) == 0 ? 0 : -errno; }
int clinux_filesystem_sync(int descriptor) { return syncfs(descriptor) == 0 ? 0 : -errno; }

int clinux_rename(int directory, const char *from, const char *to) {
  return renameat(directory, from, directory, to) == 0 ? 0 : -errno;
}

int clinux_remove(int directory, const char *name) { return unlinkat(directory, name, 0) == 0 ? 0 : -errno; }

double clinux_free_share(int descriptor) {
  struct statvfs status;
  if (fstatvfs(descriptor, &status) != 0) return -errno;
  // As df counts: what root alone may use is not there for anybody.
  double usable = (double)(status.f_blocks - status.f_bfree) + (double)status.f_bavail;
  return usable <= 0 ? 0 : (double)status.f_bavail / usable;
}

int64_t clinux_free_octets(int descriptor) {
  struct statvfs status;
  if (fstatvfs(descriptor, &status) != 0) return -errno;
  return (int64_t)status.f_bavail * (int64_t)status.f_frsize;
}

int clinux_directory_list(int directory, clinux_entry_body body, void *context) {
  // A descriptor of its own: the stream closes it and moves its position.
  int copy = open_beneath(directory, ".", O_RDONLY | O_DIRECTORY, 0);
  if (copy < 0) return copy;
  DIR *stream = fdopendir(copy);
  if (!stream) {
    int error = errno;
    close(copy);
    return -error;
  }
  for (struct dirent *entry = readdir(stream); entry; entry = readdir(stream)) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    struct stat status;
    int kind = clinux_entry_other;
    if (fstatat(dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
      if (S_ISREG(status.st_mode)) kind = clinux_entry_file;
      if (S_ISDIR(status.st_mode)) kind = clinux_entry_directory;
    }
    body(context, entry->d_name, kind);
  }
  closedir(stream);
  return 0;
}

const char *clinux_error_text(int code) { return strerror(code); }
