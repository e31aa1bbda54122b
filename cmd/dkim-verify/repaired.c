/* repaired: write a message as it was signed to the file of --repaired. */
/* SPDX-License-Identifier: ISC */

#include "explain.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"

bool
repaired_is_input(const char *path, const struct stat *input)
{
	struct stat file;

	return stat(path, &file) == 0 && S_ISREG(file.st_mode) &&
	    file.st_dev == input->st_dev && file.st_ino == input->st_ino;
}

/* Returns the first signature for which it is known what was signed, and that
 * this was altered, or was not; or NULL. */
static const struct explanation *
first_known(const struct explanation *list, size_t n, bool is_altered)
{
	for (size_t i = 0; i < n; i++)
		if (explain_is_known(list[i].header) &&
		    explain_is_known(list[i].body) &&
		    explain_is_altered(&list[i]) == is_altered)
			return &list[i];
	return NULL;
}

/* Anything but a regular file, such as a pipe, has nothing to be emptied. */
static FILE *
open_file(const char *path)
{
	struct stat st;
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && ftruncate(fd, 0) < 0)
		return NULL;
	return fdopen(fd, "w");
}

void
repaired_write(const char *path, const struct message *m, struct span body,
    const struct explanation *list, size_t n)
{
	const struct explanation *x = first_known(list, n, true);
	struct sink_file out;
	bool failed;

	if (!x) {
		warn("--repaired: %s was not written: %s", path,
		    first_known(list, n, false)
			? "a signature covers the message as it is"
			: "the message as it was signed is not known");
		return;
	}
	out = sink_to_file(open_file(path));
	if (!out.file)
		die(EX_NOINPUT, "--repaired: %s: %s", path, strerror(errno));
	explain_repaired(m, body, x, &out.sink);
	failed = ferror(out.file);
	if (fclose(out.file) != 0 || failed)
		die(EX_IOERR, "--repaired: %s: write error", path);
}
