"""Evaluates DMARC with libopendmarc, the library of opendmarc-check, which can
be told of a DNS server, a public suffix list, and of results.

	dmarc-opendmarc.py PORT SUFFIXES LIST

See dmarc-authheaders.py. Messages are not for it: its filter reads them.
"""
import ctypes
import socket
import struct
import sys

from common import rows

LIBRARY = 'libopendmarc.so.2'
# dmarc.h
PATH_MAX, SERVERS = 4096, 3
MOZILLA = 1
OUTCOME = {'none': 0, 'pass': 1, 'temperror': 3}
FAILED = 2
MAIL_FROM = 1
OKAY, NO_RECORD, NXDOMAIN, TEMPORARY = 0, 9, 10, 11
ABSENT, PASS = 14, 15
POLICY = {16: 'reject', 17: 'quarantine', 18: 'none'}
LETTER = {'n': 'none', 'q': 'quarantine', 'r': 'reject', '\0': '-'}


class Setup(ctypes.Structure):
    _fields_ = [('kind', ctypes.c_int),
                ('path', ctypes.c_char * PATH_MAX),
                ('count', ctypes.c_int),
                ('servers', ctypes.c_char * 16 * SERVERS)]


class Library:
    def __init__(self, port, suffixes):
        self.lib = lib = ctypes.CDLL(LIBRARY)
        lib.opendmarc_policy_connect_init.restype = ctypes.c_void_p
        lib.opendmarc_policy_status_to_str.restype = ctypes.c_char_p
        self.setup = setup = Setup(kind=MOZILLA, path=suffixes.encode(),
                                   count=1)
        address = struct.pack('=H', socket.AF_INET) + struct.pack(
            '!H4s8x', port, socket.inet_aton('127.0.0.1'))
        ctypes.memmove(setup.servers, address, len(address))
        if lib.opendmarc_policy_library_init(ctypes.byref(setup)) != OKAY:
            sys.exit('opendmarc_policy_library_init')

    def judge(self, author, results):
        lib = self.lib
        context = ctypes.c_void_p(lib.opendmarc_policy_connect_init(
            b'192.0.2.1', 0))
        lib.opendmarc_policy_store_from_domain(context, author.encode())
        for given in [] if results == '-' else results.split(','):
            mechanism, rest = given.split('=', 1)
            result, domain = rest.split(':', 1)
            code = OUTCOME.get(result, FAILED)
            if mechanism == 'dkim':
                lib.opendmarc_policy_store_dkim(
                    context, domain.encode(), b's', code, b'')
            else:
                lib.opendmarc_policy_store_spf(
                    context, domain.encode(), code, MAIL_FROM, b'')
        status = lib.opendmarc_policy_query_dmarc(context, author.encode())
        row = self.verdict(context, status)
        lib.opendmarc_policy_connect_shutdown(context)
        return row

    def verdict(self, context, status):
        words = self.lib.opendmarc_policy_status_to_str(status).decode()
        if status == TEMPORARY:
            return 'temperror', '-', '-', words
        if status != OKAY:
            return 'none', '-', '-', words
        status = self.lib.opendmarc_get_policy_to_enforce(context)
        if status == PASS:
            return 'pass', '-', '-', words
        if status in POLICY:
            return 'fail', POLICY[status], '-', words
        return ('none', '-', '-',
                self.lib.opendmarc_policy_status_to_str(status).decode())


def main(port, suffixes, path):
    library = Library(int(port), suffixes)
    for _, author, results in rows(path):
        if ':' in author:
            print('skipped\t-\t-\t-')
        else:
            print('\t'.join(library.judge(author, results)), flush=True)


main(*sys.argv[1:])
