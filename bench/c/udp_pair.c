/*
 * The yardstick of the UDP figures: one blocking socket, one system call each way, nothing else.
 *
 *     udp_pair serve                        prints its port, sends back what comes
 *     udp_pair ask PORT SECONDS SIZE        request, answer, request ...: prints round trips per second
 *     udp_pair sink SECONDS                 prints its port, then the bits per second that came (from the first octet on)
 *     udp_pair blast PORT SECONDS SIZE      datagrams as fast as they go
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

static char buffer[65536];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static int open_socket(void) {
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  /* A lost datagram must not end the test. */
  struct timeval patience = {.tv_usec = 200000};
  setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  int size = 4 << 20;
  setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  return s;
}

static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static void bind_and_tell(int s) {
  struct sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  if (bind(s, (struct sockaddr *)&address, sizeof address) < 0) exit(1);
  getsockname(s, (struct sockaddr *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
}

static void serve(int s) {
  bind_and_tell(s);
  for (;;) {
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    ssize_t n = recvfrom(s, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &length);
    if (n >= 0) sendto(s, buffer, n, 0, (struct sockaddr *)&from, length);
  }
}

static void ask(int s, int port, double seconds, int size) {
  struct sockaddr_in to = loopback(port);
  double began = now(), ended;
  long trips = 0;
  do {
    sendto(s, buffer, size, 0, (struct sockaddr *)&to, sizeof to);
    if (recvfrom(s, buffer, sizeof buffer, 0, NULL, NULL) >= 0) trips++;
    ended = now();
  } while (ended - began < seconds);
  printf("%.0f\n", trips / (ended - began));
}

static void sink(int s, double seconds) {
  bind_and_tell(s);
  double began = 0, ended = 0, bits = 0;
  for (double idle = now(); now() - idle < 5;) {
    ssize_t n = recvfrom(s, buffer, sizeof buffer, 0, NULL, NULL);
    if (n < 0) continue;
    if (began == 0) began = now();
    ended = now();
    if (ended - began > seconds) break;
    idle = ended;
    bits += 8.0 * n;
  }
  printf("%.0f\n", bits / (ended - began));
}

static void blast(int s, int port, double seconds, int size) {
  struct sockaddr_in to = loopback(port);
  for (double end = now() + seconds; now() < end;)
    sendto(s, buffer, size, 0, (struct sockaddr *)&to, sizeof to);
}

int main(int count, char **words) {
  const char *what = count > 1 ? words[1] : "";
  int s = open_socket();
  if (!strcmp(what, "serve")) serve(s);
  else if (!strcmp(what, "ask") && count == 5) ask(s, atoi(words[2]), atof(words[3]), atoi(words[4]));
  else if (!strcmp(what, "sink") && count == 3) sink(s, atof(words[2]));
  else if (!strcmp(what, "blast") && count == 5) blast(s, atoi(words[2]), atof(words[3]), atoi(words[4]));
  else return 2;
  return 0;
}
