/*
 * conn: the TCP connections of dnsd. They never block: output that cannot be
 * written yet is kept. Included by dnsd.c alone.
 */
/* SPDX-License-Identifier: ISC */
#ifndef CONN_H
#define CONN_H

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "name.h"

#define CONNS     52
#define QUERY_MAX 4096
#define OUT_MAX   (256u << 10)

struct conn {
	int fd;              /* -1 if free */
	unsigned serial;     /* differs for each connection */
	size_t have, unsent; /* octets of in and out */
	char in[2 + QUERY_MAX], out[OUT_MAX];
};

static void
conn_close(struct conn *c)
{
	close(c->fd);
	c->fd = -1;
}

static void
conn_flush(struct conn *c)
{
	ssize_t n = send(c->fd, c->out, c->unsent, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		conn_close(c);
	if (n <= 0)
		return;
	c->unsent -= (size_t)n;
	memmove(c->out, c->out + n, c->unsent);
}

/* RFC 1035 4.2.2. Closes the connection of a client that does not read. */
static void
conn_send(struct conn *c, struct span message)
{
	if (sizeof(c->out) - c->unsent < 2 + message.len) {
		conn_close(c);
		return;
	}
	set16(c->out + c->unsent, (unsigned)message.len);
	memcpy(c->out + c->unsent + 2, message.p, message.len);
	c->unsent += 2 + message.len;
	conn_flush(c);
}

/* Accepts a connection, and closes it at once if all are in use. */
static void
conn_accept(struct conn *list, int listener, unsigned serial)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	for (struct conn *c = list; c < list + CONNS; c++)
		if (c->fd < 0) {
			c->fd = fd;
			c->serial = serial;
			c->have = c->unsent = 0;
			return;
		}
	close(fd);
}

#endif
