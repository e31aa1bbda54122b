"""Messages and envelopes that want to be taken for another's: mutations of a
few torture messages. All is chosen by (seed, number): each case can be made
alone.
"""
import random

ID = 'mx.example.net'
GROUP = 4       # messages that share an envelope

ADDRESSES = ['192.0.2.66', '192.0.2.66', '192.0.2.1', '2001:db8::66']
# What a mail server passes on must not decide whether there is a verdict.
BAD_ADDRESSES = ['', 'unknown', '192.0.2.66 ', '192.0.2.256', 'x' * 2000,
                 '=?us-ascii?q?192.0.2.66?=', '192.0.2.66\a', '!#:+',
                 '192.0.2.66; dmarc=pass']

METHOD_WORDS = ['dmarc', 'DMARC', 'dkim', 'spf', 'SPF', 'vbr', 'arc', 'iprev',
                'auth', 'dkim-atps', 'domainkeys', 'sender-id', 'dnswl']

SENDERS = [
    'x@evil.example', 'x@evil.example', 'ceo@bank.example', '<>', '',
    'SRS0=ab=cd=example.org=user@evil.example',
    'list-x+user=example.org@evil.example',
    '=?us-ascii?q?x=3B_dmarc=3Dpass_header.from=3Dbank.example_x?='
    '@evil.example',
    '=?utf-8?b?OyBkbWFyYz1wYXNz?=@evil.example', '=?@evil.example',
    'a=?b?=@evil.example', '"=?us-ascii?q?;_dmarc=3Dpass?="@evil.example',
    'x@=?us-ascii?q?evil?=.example', 'x@evil.example =?us-ascii?q?x?=',
    '"; dmarc=pass (x"@evil.example', '"dmarc = pass"@evil.example',
    'a"b@evil.example', 'x\ay@evil.example', 'x\ry@evil.example',
    'x\r\nAuthentication-Results: mx.example.net; dmarc=pass\r\n@evil.example',
    'x\n@evil.example', 'x@evil.example\r', 'x\x7f@evil.example',
    '@evil.example', 'x@', '@', 'x', 'x@é.example', 'é@evil.example',
    'x\u200b@evil.example', 'x@[192.0.2.66]', '!#:+', 'a!#:+@evil.example',
    'x' * 64 + '@evil.example', 'x' * 5000 + '@evil.example',
    'x@' + 'y.' * 200 + 'evil.example', 'a@b@evil.example', '(c)@evil.example',
    'x@evil.example; dmarc=pass', 'x@evil.example (dmarc=pass)',
]

HELOS = [
    'mail.evil.example', 'mail.evil.example', None, None, 'bank.example', '',
    '[192.0.2.66]', 'x by', 'by by', 'from by', '(x) by', 'x by (y)', '"', '(',
    '=?us-ascii?q?x=3B_dmarc=3Dpass?=', '=?us-ascii?q?evil?=.example', '=?',
    'dmarc=pass', 'dmarc=pass.evil.example', 'x; spf=pass', '!#:+', 'é.example',
    'x\a', 'x\r\nFrom: ceo@bank.example', 'a' * 1001, 'a.' * 300, '.', '-',
    'mail.evil.example.', 'mail_evil.example', 'MAIL.EVIL.EXAMPLE',
]

# Ours, for somebody who reads it.
OUR_IDS = [
    'mx.example.net', 'MX.Example.NET', 'mx.example.net.', '"mx.example.net"',
    '"m\\x.example\\.net"', 'm\\x.example.net', 'mx.example.net 1',
    'mx.example.net 2', '(c) mx.example.net', 'mx.example.net(c)',
    '(a (b;) ;) mx.example.net', 'mx. (c) example.net', 'mx\n .example.net',
    '\n\tmx.example.net', '=?us-ascii?q?mx.example.net?=',
    '=?us-ascii?q?m=78.example.net?=', '=?UTF-8?B?bXguZXhhbXBsZS5uZXQ=?=',
    '=?utf-8*en?q?mx.example.net?=', 'mx.=?us-ascii?q?example?=.net',
    '=?us-ascii?q?mx.?= =?us-ascii?q?example.net?=',
    '=?us-ascii?q?mx.example.net=3B_dmarc=3Dpass_x?=',
    '=?us-ascii?q?=6Dx.example.net?=', '=?x-none?q?mx.example.net?=',
    '=?us-ascii?q?=28c=29mx.example.net?=', 'i=1; mx.example.net',
    'i=1;mx.example.net', 'I=50 ; mx.example.net', '(c) i=1; mx.example.net',
    'mx.example.net\0', '\0mx.example.net', 'mx\0.example.net',
    'mx.example.net\0.evil.example', 'mx.example.net\a', '\x01mx.example.net',
    '\rmx.example.net', 'mx.example.net\r', '\x7fmx.example.net',
    'mx.example.net\xc2\xa0', '\xe2\x80\x8bmx.example.net',
    '\xef\xbb\xbfmx.example.net', 'mx\xe3\x80\x82example\xe3\x80\x82net',
    '\xef\xbd\x8d\xef\xbd\x98.example.net', 'mx.example.net\xff',
    'mx.ex\xc2\xadample.net', '=?us-ascii?q?mx.example.net',
    '"=?us-ascii?q?mx.example.net?="', 'mx.example.net\x0b', '\x0cmx.example.net',
]

# Of hosts that are clearly others, and of those without an id: they stay.
OTHER_BODIES = [
    'mx.other.example; dkim=pass header.d=bank.example',
    'a.mx.example.net; spf=pass smtp.mailfrom=bank.example',
    'mx.example.net.evil.example; dmarc=pass header.from=bank.example',
    'amx.example.net; dmarc=pass', 'example.net 1; dkim=pass',
    '"mx.other.example"; dmarc=fail',
    '(mx.example.net;) mx.other.example; dkim=pass',
    'mx.other.example (mx.example.net); dkim=pass',
    'mx.other.example; dkim=fail reason="; mx.example.net; dkim=pass"',
    'i=1; mx.other.example; dmarc=pass',
    'spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=bank.example;'
    ' dkim=none (message not signed) header.d=none;dmarc=bestguesspass'
    ' action=none header.from=bank.example;compauth=pass reason=109',
    'mx.other.example; none',
]

NAMES = [
    'Authentication-Results'] * 8 + [
    'authentication-results', 'AUTHENTICATION-RESULTS',
    'Authentication-Results ', 'Authentication-Results\t',
    'Authentication-Results \t ', 'Authentication-Results\0',
    'Authentication-Results\0x', 'Authentication-Results\x01',
    'Authentication-Results\r', 'Authentication-Results\x7f',
    '\0Authentication-Results', 'Authentication\0-Results',
    '\x02Authentication-Results', 'Authentication-\x7fResults',
    '\x0cAuthentication-Results', 'Authentication-Results\x0b',
    'Authentication-Results\n ', 'Authentication-Results \r',
]

CLAIMS = [
    '; dmarc=pass header.from=bank.example', '; dkim=pass header.d=bank.example',
    '; spf=pass smtp.mailfrom=bank.example', '; vbr=pass header.md=bank.example',
    ';dmarc=pass', ' ; dmarc=pass', '\n\t; dmarc=pass', '; none', '', ';',
    '; dmarc==pass', '; dkim=pass (', '; dmarc=pass header.from="bank.example',
    '; dmarc=pass\n (c)\n header.from=bank.example',
    '; dmarc=pass; dkim=pass; spf=pass', '\0; dmarc=pass', ' dmarc=pass',
    '; =?us-ascii?q?dmarc=3Dpass?=', '; d\\marc=pass', '; x=y; dmarc=pass',
]

GOOD_FROMS = [
    'x@evil.example', 'Evil <x@evil.example>', '"Evil" <x@evil.example>',
    'ceo@bank.example', 'Bank <ceo@bank.example>',
    '=?utf-8?q?ceo=40bank.example?= <x@evil.example>',
    '"ceo@bank.example" <x@evil.example>', 'x@evil.example (ceo@bank.example)',
    'x@evil.example,\n y@evil.example', 'Group: x@evil.example;',
]

BAD_FROMS = [
    'ceo@bank.example, x@evil.example', 'x@evil.example, ceo@bank.example',
    'ceo@bank.example <x@evil.example>', 'ceo@bank.example (',
    'Info [Team] <x@evil.example>', 'Doe, John <x@evil.example>',
    'Info: Team <x@evil.example>', 'john..doe@evil.example',
    '<john..doe@evil.example>', 'x@evil.example.', '', '<>', ';', ',',
    'x@evil.example <x@evil.example>', '<ceo@bank.example> <x@evil.example>',
    '<x@evil.example>ceo@bank.example', '<ceo@bank.example>, <x@evil.example>',
    '<ceo@bank.example\0@evil.example>', 'ceo@bank.example\0, x@evil.example',
    'x@evil.example\0ceo@bank.example', 'ceo@bank.example\rx@evil.example',
    'x@evil.example\rFrom: ceo@bank.example',
    '=?us-ascii?q?ceo=40bank.example?=', '<@evil.example:ceo@bank.example>',
    '<@bank.example:x@evil.example>', '"a"b"@evil.example',
    '"<ceo@bank.example>" <x@evil.example>', 'ceo@bank.example\\, x@evil.example',
    '(x@evil.example) ceo@bank.example', 'Team: ceo@bank.example, x@evil.example;',
    '<x@evil.example', 'x@evil.example>', 'x@[192.0.2.66]', 'x@evil',
    'ceo@bank.example =?us-ascii?q?x=22=3B_dmarc=3Dpass_header.from=3Dbank'
    '.example_x=3D=22?=', 'Doe, John <x@evil.example> ceo@bank.example',
    'ceo <ceo@bank.example> x@evil.example', 'a@evil.example b@bank.example',
    '"ceo@bank.example, " <x@evil.example', "ceo@bank.example' <x@evil.example>",
    'x@evil.example,' * 12 + 'ceo@bank.example', 'Info [a@bank.example] <x@evil.example>',
    'Doe, a@bank.example <x@evil.example>', 'x @ evil . example',
    'x@evil.example;ceo@bank.example', '<<ceo@bank.example>x@evil.example>',
]

SIGNATURES = [
    'v=1; a=rsa-sha256; d=bank.example; s=r2048; h=from; bh=!; b=aaaa',
    'v=1; a=rsa-sha256; d=evil.example; s=dmarc=pass; h=from; bh=aaaa; b=aaaa',
    'v=1; a=rsa-sha256; d=evil.example; s=s; h=from; b=aaaa;'
    ' bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;'
    ' i==?us-ascii?q?x=3B_dmarc=3Dpass?=@evil.example',
    'v=1; a=rsa-sha256; d=evil.example; s=s; h=from; b=aaaa;'
    ' bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;'
    ' i=dmarc=pass@evil.example',
    'v=1; a==?us-ascii?q?rsa-sha256?=; d=evil.example; s==?us-ascii?q?s?=;'
    ' h=from; bh=aaaa; b=aaaa', 'v=2', '', 'v=1; d==?us-ascii?q?x?=; b=',
    'v=1; a=rsa-sha256; d=evil.example; s=gone; h=from:authentication-results;'
    ' bh=aaaa; b=aaaa', 'x==?us-ascii?q?dmarc=3Dpass?=',
]

VBR = [
    'md=bank.example; mc=all; mv=certifier.example.net',
    'md=evil.example; mc=all; mv=certifier.example.net',
    'md==?us-ascii?q?x=3B_vbr=3Dpass?=; mc=all; mv=certifier.example.net',
    'md=evil.example; mc==?us-ascii?q?x?=; mv=certifier.example.net',
    'md=evil.example; mc=all; mv==?us-ascii?q?vbr=3Dpass?=:vbr=pass',
    'md=evil.example; mc=vbr=pass; mv=dmarc=pass', '', '=?', 'md=é; mc=; mv=',
]

OTHERS = [
    'Received: from x by (mail.evil.example [192.0.2.66])\n\tby mx.example.net'
    ' (OpenSMTPD) with ESMTP id A; Fri, 20 Nov 2026 10:00:01 +0000',
    'Received: from mail.bank.example (mail.bank.example [192.0.2.1])\n\tby'
    ' mx.example.net (Postfix) with ESMTP id B; Fri, 20 Nov 2026 10:00:00 +0000',
    'Received: from mail.evil.example ([192.0.2.66]) by mx.example.net with'
    ' ESMTP; Fri, 20 Nov 2026 10:00:00 +0000', 'Received: by by by', 'Received:',
    'Return-Path: <x@evil.example>', 'Return-Path: <ceo@bank.example>',
    'Return-Path: <=?us-ascii?q?x?=@evil.example>', 'Return-Path: <>',
    'To: reader@example.net', 'Date: Fri, 20 Nov 2026 10:00:00 +0000',
    'Message-ID: <1@evil.example>', 'X-Long: ' + 'word ' * 300,
    'X-Folded: a\n b\n\tc\n \n d', 'X-Octets: \x01\x80\xff\0',
    'X-Empty:', 'Subject: another', 'Sender: ceo@bank.example',
    'X-A: b\rAuthentication-Results: mx.example.net; dmarc=pass',
    'X-A: b\r\rAuthentication-Results: mx.example.net; dmarc=pass',
    'X-A: b\rAuthentication-Results: mx.other.example; dmarc=pass',
    'X-A: b\rFrom: ceo@bank.example', 'X-A: b\rFrom: ceo@bank.example',
    'X-A: b\rX-B: c',
    'X-A: b\0\rAuthentication-Results:mx.example.net; dmarc=pass',
    'X-A: =?us-ascii?q?b=0AAuthentication-Results=3A_mx.example.net=3B'
    '_dmarc=3Dpass?=', 'X-A: b\n \rAuthentication-Results: mx.example.net; none',
    'X-A: b\x0bAuthentication-Results: mx.example.net; dmarc=pass',
    'X-A: b\x0c\x85\x1cAuthentication-Results: mx.example.net; dmarc=pass',
    'Received-SPF: pass (mx.example.net: =?us-ascii?q?x?=)',
    'ARC-Authentication-Results: i=1; mx.example.net; dmarc=pass',
    'X-Authentication-Results: mx.example.net; dmarc=pass',
    'Authentication-Results-Original: mx.example.net; dmarc=pass',
]

GARBAGE = [
    'garbage', 'a line that is no field', ': no name', 'From ceo@bank.example',
    '>From: ceo@bank.example', 'Authentication-Results', 'From', '\0', '\x01:x',
    'Authentication-Results mx.example.net; dmarc=pass', '\rFrom: a@bank.example',
    'Subject\xc2\xa0: x', 'X\0: y', '--boundary', '\x0c', '\r',
    'From\0: ceo@bank.example', 'Authentication-Results' + ' ' * 70000 + 'x',
]

SUBJECTS = ['s', 'a subject', '=?utf-8?q?caf=C3=A9?=']
BODIES = [
    'hi\n', '', 'no end', '\n\n', 'From ceo@bank.example\n.\n..\n',
    'Authentication-Results: mx.example.net; dmarc=pass\n\nhi\n',
    'From: ceo@bank.example\n\nhi\n', '\0\x01\xff\r\r\n', 'x' * 3000 + '\n',
    ' begins with a blank\n', 'X: y\n z\n',
]


def octets(text):
    """Vocabulary is text; octets above 127 in it stand for themselves where
    they can, other characters for their UTF-8."""
    try:
        return text.encode('latin-1')
    except UnicodeEncodeError:
        return text.encode()


def envelope(seed, group):
    """(ip, sender, helo) that all messages of a group have; None: not given."""
    r = random.Random('%s:envelope:%d' % (seed, group))
    if r.random() < 0.15:
        return None, None, None
    ip = r.choice(BAD_ADDRESSES if r.random() < 0.08 else ADDRESSES)
    method = '%s%s=%spass@evil.example' % (
        r.choice(['', '', 'x', 'x-', 'a+']) + r.choice(METHOD_WORDS),
        r.choice(['', '', '', '(c)']), r.choice(['', '', '', '(c)']))
    sender = method if r.random() < 0.1 else r.choice(SENDERS)
    return ip, sender, r.choice(HELOS)


class Maker:
    """Makes messages. signed is what begins each signed message: pairs of a
    DKIM-Signature field with what it signs."""

    def __init__(self, seed, signed):
        self.seed = seed
        self.signed = signed

    def claim(self, r):
        """A field that claims to be ours."""
        blank = r.choice([' '] * 4 + ['', '\t'])
        return '%s:%s%s%s' % (r.choice(NAMES), blank, r.choice(OUR_IDS),
                              r.choice(CLAIMS))

    def hostile(self, r):
        kind = r.random()
        if kind < 0.4:
            return self.claim(r)
        if kind < 0.5:
            return 'Authentication-Results: ' + r.choice(OTHER_BODIES)
        if kind < 0.6:
            return 'DKIM-Signature: ' + r.choice(SIGNATURES)
        if kind < 0.65:
            return 'VBR-Info: ' + r.choice(VBR)
        return r.choice(OTHERS)

    def header(self, r):
        """Lists of fields: above and below what the message is about."""
        fields = [self.hostile(r) for _ in range(r.randint(0, 6))]
        if r.random() < 0.01:
            fields.append('Authentication-Results:%s mx.example.net; dmarc=pass'
                          % (' ' * r.choice([65000, 65536, 70000])))
        if r.random() < 0.01:
            fields += [self.claim(r) for _ in range(1200)]
        at = r.randint(0, len(fields))
        return fields[:at], fields[at:]

    def core(self, r):
        """From and Subject, perhaps signed; and the body."""
        if r.random() < 0.3:
            return r.choice(self.signed)
        fields = ['Subject: ' + r.choice(SUBJECTS)]
        if r.random() < 0.9:
            fields.append('From: ' + r.choice(
                GOOD_FROMS if r.random() < 0.6 else BAD_FROMS))
        if r.random() < 0.08:
            fields.append(r.choice(['From: ', 'From : ', 'from:', 'From\0: '])
                          + r.choice(GOOD_FROMS))
        r.shuffle(fields)
        return fields, r.choice(BODIES)

    def end(self, r):
        """What ends the header, and what comes before the body."""
        kind = r.random()
        if kind < 0.72:
            return '\n'
        if kind < 0.76:
            return ''
        if kind < 0.8:
            return r.choice([' \n', '\t\n\n', '\r\r\n', '\r\n', '\x0c\n\n'])
        more = [self.hostile(r) for _ in range(r.randint(0, 3))]
        if r.random() < 0.4:
            more.append('From: ' + r.choice(GOOD_FROMS))
        kind = r.random()
        if kind < 0.15:
            garbage = GARBAGE[-1]
        elif kind < 0.65:
            garbage = r.choice(GARBAGE)
        else:
            garbage = self.claim(r).replace(':', '', 1)
        return '\n'.join([garbage] + more) + '\n\n'

    def line_ends(self, r, text):
        kind = r.random()
        if kind < 0.6:
            return text
        if kind < 0.85:
            return text.replace(b'\n', b'\r\n')
        parts = text.split(b'\n')
        ends = [r.choice([b'\n', b'\r\n']) for _ in parts]
        return b''.join(p + e for p, e in zip(parts, ends[:-1] + [b'']))

    def message(self, number):
        r = random.Random('%s:message:%d' % (self.seed, number))
        above, below = self.header(r)
        fields, body = self.core(r)
        text = '\n'.join(above + fields + below) + '\n' + self.end(r)
        if r.random() < 0.1:
            text = r.choice(['From x@evil.example Fri Nov 20 10:00:05 2026\n',
                             '>From x@evil.example Fri Nov 20 2026\n',
                             'From x\n>From y\n', '\xef\xbb\xbf', '\n']) + text
        return self.line_ends(r, octets(text) + octets(body))
