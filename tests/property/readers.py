"""The fields that programs see in a message: those that they take for
Authentication-Results or From, and the hosts that these claim to be written by.

A reader is a function of a list of paths. For each path it yields a list of
(name, value) from the top; in the value only that is decoded which the reader
itself decodes.
"""
import email
import email.header
import email.policy
import email.utils
import os
import re
import shutil
import subprocess
import unicodedata

WANTED = ('authentication-results', 'from')
LARGE = 32768       # more than that is too slow for the default policy


def plain_name(name):
    """Returns a name as readers see it that skip controls or stop at a NUL."""
    if name.strip('\0'):
        name = name.split('\0')[0] or name
    return re.sub('[^!-9;-~]', '', name.lower())


def text_of(octets):
    return octets.decode('utf-8', 'surrogateescape')


def decoded(value):
    """Decodes encoded-words (RFC 2047) as programs do that accept them in any
    place."""
    out = re.sub(r'(\?=)\s+(=\?)', r'\1\2', value)

    def word(match):
        try:
            return ''.join(
                part if isinstance(part, str)
                else part.decode(charset or 'ascii', 'replace')
                for part, charset in email.header.decode_header(match[0]))
        except (LookupError, ValueError, email.errors.HeaderParseError):
            return match[0]
    return re.sub(r'=\?[^?\s]*\?[bBqQ]\?[^?]*\?=', word, out)


def without_comments(value):
    """Removes closed comments, quotes and quoting backslashes."""
    out, depth, start, quoted, i = [], 0, 0, False, 0
    while i < len(value):
        c = value[i]
        if c == '\\' and i + 1 < len(value):
            out.append(value[i + 1])
            i += 1
        elif c == '"' and not depth:
            quoted = not quoted
        elif c == '(' and not quoted:
            start = start if depth else len(out)
            depth += 1
        elif c == ')' and depth:
            depth -= 1
            if not depth:
                del out[start:]
                out.append(' ')
        elif c == ';' and (quoted or depth):
            out.append(',')
        else:
            out.append(c)
        i += 1
    return ''.join(out)


def claims(value, our_id):
    """Is the text before the first semicolon our_id to some reader?"""
    def bare(text):
        text = ''.join(c for c in unicodedata.normalize('NFKC', text)
                       if ' ' < c and c != '\x7f'
                       and unicodedata.category(c) not in ('Cf', 'Cs', 'Cc'))
        return text.lower().strip('.')

    for text in {value, value.replace('\0', ''), value.split('\0')[0]}:
        for form in {text, decoded(text)}:
            parts = without_comments(form).split(';')
            if len(parts) > 1 and re.fullmatch(r'\s*i\s*=\s*\d+\s*', parts[0],
                                               re.IGNORECASE):
                del parts[0]
            words = parts[0].split()
            if our_id in [bare(parts[0]), bare(''.join(words[:1])),
                          bare(re.sub(r'\s\d+\s*$', '', parts[0]))]:
                return True
    return False


def domains(value):
    """Returns the domains of the addresses that are read in a From field."""
    found = email.utils.getaddresses([value.replace('\r', ' ')
                                      .replace('\n', ' ')])
    return {address.rpartition('@')[2].lower().rstrip('.')
            for _, address in found if '@' in address} - {''}


def python_compat32(paths):
    for path in paths:
        with open(path, 'rb') as file:
            message = email.message_from_binary_file(file)
        yield [(plain_name(name), str(value)) for name, value
               in message.raw_items() if plain_name(name) in WANTED]


def python_default(paths):
    """Decodes by itself. Errors of the library are not failures of a property;
    large messages are skipped."""
    for path in paths:
        with open(path, 'rb') as file:
            octets = file.read(LARGE + 1)
        if len(octets) > LARGE:
            yield []
            continue
        message = email.message_from_bytes(octets, policy=email.policy.default)
        fields = []
        for name, value in message.raw_items():
            if plain_name(name) not in WANTED:
                continue
            try:
                parsed = message.policy.header_fetch_parse(name, value)
                value = str(parsed)
                if plain_name(name) == 'from':
                    value = ', '.join(str(a.addr_spec) for a
                                      in getattr(parsed, 'addresses', ()))
            except Exception:
                value = str(value)
            fields.append((plain_name(name), value))
        yield fields


def email_simple(paths):
    here = os.path.dirname(os.path.abspath(__file__))
    done = subprocess.run(['perl', os.path.join(here, 'readers.pl')],
                          input='\n'.join(paths).encode(), check=True,
                          stdout=subprocess.PIPE)
    found = []
    for line in done.stdout.decode().splitlines():
        if line == 'PATH':
            found.append([])
        else:
            name, _, value = line.partition(' ')
            found[-1].append((name, text_of(bytes.fromhex(value))))
    assert len(found) == len(paths)
    return found


def extracted(command):
    """Returns a reader that runs a program that prints each field in a line."""
    def reader(paths):
        for path in paths:
            fields = []
            with open(path, 'rb') as file:
                done = subprocess.run(command, stdin=file,
                                      stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL)
            for line in done.stdout.split(b'\n'):
                name, colon, value = line.partition(b':')
                name = plain_name(text_of(name))
                if colon and name in WANTED:
                    fields.append((name, text_of(value)))
            yield fields
    return reader


def has_email_simple():
    return shutil.which('perl') and subprocess.run(
        ['perl', '-MEmail::Simple', '-e', '0'],
        stderr=subprocess.DEVNULL).returncode == 0


def present():
    """Returns the installed readers, and the names of those that are absent."""
    here = {'python-default': python_default, 'python-compat32': python_compat32}
    absent = []
    if has_email_simple():
        here['email-simple'] = email_simple
    else:
        absent.append('email-simple')
    for program, options in (('formail', ['-c']), ('reformail', [])):
        if not shutil.which(program):
            absent.append(program)
            continue
        flag = ['-X', 'Authentication-Results:', '-X', 'From:']
        if program == 'reformail':
            flag = ['-XAuthentication-Results:', '-XFrom:']
        here[program] = extracted([program] + options + flag)
    return here, absent
