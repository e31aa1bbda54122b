/* keyfile: files of private keys, which are complete or not there. */
/* SPDX-License-Identifier: ISC */

#include "dkim-key.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODE 0600

/* Opens the folder of the path, which may be a symbolic link, and sets the name
 * in it. */
static int
open_folder(struct keyfile *f, struct arena *a)
{
	const char *slash = strrchr(f->path, '/');
	const char *folder = "/";

	f->name = slash ? slash + 1 : f->path;
	if (!slash)
		folder = ".";
	else if (slash != f->path)
		folder = arena_cstr(a, span_between(f->path, slash));
	f->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return f->folder < 0 ? -1 : 0;
}

/* Names the open file by its descriptor: /proc may not be mounted. */
static const char *
own_link(const struct keyfile *f, char room[static 32])
{
	snprintf(room, 32, "/proc/self/fd/%d", f->fd);
	return room;
}

static bool
open_unnamed(struct keyfile *f)
{
	char room[32];

	f->fd = openat(f->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, MODE);
	if (f->fd >= 0 && access(own_link(f, room), F_OK) == 0)
		return true;
	if (f->fd >= 0)
		close(f->fd);
	return false;
}

static int
open_named(struct keyfile *f)
{
	f->fd = openat(f->folder, f->name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, MODE);
	f->is_named = f->fd >= 0;
	return f->fd < 0 ? -1 : 0;
}

int
keyfile_begin(struct keyfile *f, const char *path, struct arena *a)
{
	struct stat st;

	*f = (struct keyfile){.path = path, .folder = -1, .fd = -1};
	if (open_folder(f, a) < 0)
		return -1;
	if (fstatat(f->folder, f->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		errno = EEXIST;
	else if (errno == ENOENT && (open_unnamed(f) || open_named(f) == 0) &&
	    fchmod(f->fd, MODE) == 0) /* whatever the umask is */
		return 0;
	keyfile_drop(f);
	return -1;
}

/* Not every file system can sync a folder. */
static int
sync_folder(const struct keyfile *f)
{
	return fsync(f->folder) < 0 && errno != EINVAL ? -1 : 0;
}

int
keyfile_finish(struct keyfile *f)
{
	char room[32];

	if (fsync(f->fd) < 0)
		return -1;
	if (!f->is_named &&
	    linkat(AT_FDCWD, own_link(f, room), f->folder, f->name,
		AT_SYMLINK_FOLLOW) < 0)
		return -1;
	f->is_named = true;
	return sync_folder(f);
}

void
keyfile_drop(struct keyfile *f)
{
	int error = errno;

	if (f->is_named)
		unlinkat(f->folder, f->name, 0);
	keyfile_close(f);
	errno = error;
}

void
keyfile_close(struct keyfile *f)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->folder >= 0)
		close(f->folder);
	f->fd = f->folder = -1;
	f->is_named = false;
}
