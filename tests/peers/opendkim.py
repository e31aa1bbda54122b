"""Signs and verifies with libopendkim, the library of opendkim-testmsg, which
gives all canonicalizations, each signature's result, and keys from a file.

	opendkim.py verify KEYS LIST
	opendkim.py sign KEYS LIST

See maildkim.pl for KEYS and LIST.
"""
import ctypes
import sys

from common import octets, rows

LIBRARY = 'libopendkim.so.11'
# dkim.h
SETOPT, FLAGS, SIGNHDRS, QUERYMETHOD, QUERYINFO = 1, 0, 4, 6, 7
QUERY_FILE = 1
PASSED = 4
CANON = {'simple': 0, 'relaxed': 1}
RSA_SHA256, ED25519_SHA256 = 1, 2


def crlf(message):
    return message.replace(b'\r\n', b'\n').replace(b'\n', b'\r\n')


class Library:
    def __init__(self, keys):
        self.lib = lib = ctypes.CDLL(LIBRARY)
        for name in ('dkim_init', 'dkim_sign', 'dkim_verify',
                     'dkim_sig_geterrorstr'):
            getattr(lib, name).restype = ctypes.c_void_p
        self.handle = ctypes.c_void_p(lib.dkim_init(None, None))
        self.option(QUERYMETHOD, ctypes.c_int(QUERY_FILE))
        self.option(QUERYINFO, ctypes.create_string_buffer(keys.encode()))

    def option(self, name, value):
        self.lib.dkim_options(self.handle, SETOPT, name, ctypes.byref(value),
                              ctypes.c_size_t(ctypes.sizeof(value)))

    def names(self, names):
        array = (ctypes.c_char_p * (len(names) + 1))(
            *[name.encode() for name in names], None)
        self.lib.dkim_options(self.handle, SETOPT, SIGNHDRS, array,
                              ctypes.c_size_t(ctypes.sizeof(
                                  ctypes.c_void_p)))

    def feed(self, dkim, message):
        """The status of the last step, 0 for success."""
        text = crlf(message)
        return (self.lib.dkim_chunk(dkim, text, ctypes.c_size_t(len(text))) or
                self.lib.dkim_chunk(dkim, None, ctypes.c_size_t(0)) or
                self.lib.dkim_eom(dkim, None))

    def verify(self, message):
        """The result of each signature, from the top."""
        status = ctypes.c_int()
        dkim = ctypes.c_void_p(self.lib.dkim_verify(
            self.handle, b'peer', None, ctypes.byref(status)))
        status = self.feed(dkim, message)
        signatures = ctypes.POINTER(ctypes.c_void_p)()
        count = ctypes.c_int()
        self.lib.dkim_getsiglist(dkim, ctypes.byref(signatures),
                                 ctypes.byref(count))
        results = [self.result(dkim, ctypes.c_void_p(signatures[i]))
                   for i in range(count.value)]
        self.lib.dkim_free(dkim)
        return results or ['status %d' % status]

    def result(self, dkim, signature):
        self.lib.dkim_sig_process(dkim, signature)
        good = (self.lib.dkim_sig_getflags(signature) & PASSED and
                self.lib.dkim_sig_getbh(signature) == 0)
        return 'pass' if good else 'fail'

    def sign(self, message, header, body, selector, pem):
        status = ctypes.c_int()
        algorithm = ED25519_SHA256 if selector == 'ed' else RSA_SHA256
        dkim = ctypes.c_void_p(self.lib.dkim_sign(
            self.handle, b'peer', None, pem, selector.encode(),
            b'example.org', CANON[header], CANON[body], algorithm,
            ctypes.c_ssize_t(-1), ctypes.byref(status)))
        failed = self.feed(dkim, message)
        text = ctypes.c_char_p()
        length = ctypes.c_size_t()
        self.lib.dkim_getsighdr_d(dkim, ctypes.c_size_t(16),
                                  ctypes.byref(text), ctypes.byref(length))
        field = b'DKIM-Signature: ' + (text.value or b'') + b'\r\n'
        self.lib.dkim_free(dkim)
        return None if failed else field


def sign(library, path, output, header, body, selector, key, names):
    message = octets(path)
    library.names(names.split(':'))
    field = library.sign(message, header, body, selector, octets(key))
    if not field:
        print('%s: cannot be signed' % path, file=sys.stderr)
        return
    if not message.split(b'\n', 1)[0].endswith(b'\r'):
        field = field.replace(b'\r\n', b'\n')
    with open(output, 'wb') as file:
        file.write(field + message)


def main(verb, keys, path):
    library = Library(keys)
    for row in rows(path):
        if verb == 'sign':
            sign(library, *row)
        else:
            print('\t'.join([row[0], *library.verify(octets(row[0]))]))


main(*sys.argv[1:])
