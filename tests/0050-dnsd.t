#!/bin/sh
# The DNS server of the other tests does what its manual says (dnsd.c).
# VOUCH_CONFORMANCE, if set, is a directory whose zones must all load.
# Slow: it waits for what does not come.

if ! command -v python3 >/dev/null; then
	echo '1..0 # SKIP no python3'
	exit 0
fi
exec python3 - "${BUILD:-build}/tests/dnsd/dnsd" <<'EOF'
import atexit, os, random, re, signal, socket, struct, subprocess, sys
import tempfile, time

ZONE = rb'''; a comment
a.test.	300 IN	A	192.0.2.1 ; and one here
a.test. 300 IN A 192.0.2.2
a.test. 300 IN AAAA 2001:db8::1
a.test. 300 IN TXT "one \"quoted\" \092" two "" "\000\255;"
mx.test. 300 IN MX 10 Mail.test.
mx.test. 300 IN MX 0 .
soa.test. 60 IN SOA ns.test. host.test. 1 2 3 4 4294967295
soa.test. 60 IN NS ns.soa.test.
1.2.0.192.in-addr.arpa. 60 IN PTR a.test.
spf.test. 60 IN SPF "v=spf1 -all"
null.test. 60 IN TYPE16 \# 0
raw.test. 60 IN TYPE5 \# 3 ff ffff
odd\032\.name\000.test. 60 IN A 192.0.2.3
deep.below.ent.test. 60 IN A 192.0.2.4
*.wild.test. 60 IN TXT "wild"
host.wild.test. 60 IN A 192.0.2.5
*.wc.test. 60 IN CNAME a.test.
c1.test. 60 IN CNAME c2.test.
c2.test. 60 IN CNAME a.test.
l1.test. 60 IN CNAME l2.test.
l2.test. 60 IN CNAME l1.test.
self.test. 60 IN CNAME self.test.
gone.test. 60 IN CNAME nowhere.test.
tofail.test. 60 IN CNAME fail.test.
;!TIMEOUT	never.test.	TXT
;!TIMEOUT gaps.test. *
gaps.test. 60 IN A 192.0.2.6
;!SERVFAIL fail.test. *
;!REFUSED refused.test. A
;!RCODE 4 notimp.test. *
;!RCODE 16 bad.test. *
;!NODATA empty.test. A
;!NODATA a.test. AAAA
'''
SPOILED = """DELAY 300=slow LOSS 2=loss TRUNCATE=tc SHORT=short WRONGID=wrongid
WRONGQUESTION=wrongq NOQUESTION=noq LOOPPTR=ptr CASE=case AD=ad GARBAGE=garbage
TCPSILENT=tcpsilent TCPCLOSE=tcpclose"""
for word, name in re.findall(r'([A-Z]+(?: \d+)?)=(\w+)', SPOILED):
    ZONE += (';!%s %s.test. *\n%s.test. 60 IN A 192.0.2.99\n'
             % (word, name, name)).encode()
ZONE += b''.join(b'chain%d.test. 60 IN CNAME chain%d.test.\n' % (i, i + 1)
                 for i in range(20))
ZONE += b''.join(b'big.test. 60 IN TXT "%03d %s"\n' % (i, b'x' * 96)
                 for i in range(20))
ZONE += b''.join(b'huge.test. 60 IN TXT "%03d %s"\n' % (i, b'x' * 246)
                 for i in range(300))
A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SPF, ANY = \
    1, 2, 5, 6, 12, 15, 16, 28, 99, 255
tests = failures = 0

def ok(truth, title):
    global tests, failures
    tests += 1
    failures += not truth
    print('ok' if truth else 'not ok', tests, '-', title)
    sys.stdout.flush()

def same(got, want, title):
    ok(got == want, title)
    if got != want:
        print('#  got', repr(got)[:400], '\n# want', repr(want)[:400])

class Server:
    def __init__(self, *zones, args=(), stdin=None):
        self.started = time.monotonic()
        self.child = subprocess.Popen([sys.argv[1], *args, *zones],
                                      stdin=stdin, stdout=subprocess.PIPE)
        atexit.register(self.child.kill)
        self.port = int(self.child.stdout.readline())
        self.last = self.child.stdout.read()
        self.family = socket.AF_INET6 if '-6' in args else socket.AF_INET
        self.host = '::1' if '-6' in args else '127.0.0.1'
    def udp(self):
        u = socket.socket(self.family, socket.SOCK_DGRAM)
        u.settimeout(60)
        u.connect((self.host, self.port))
        return u
    def tcp(self):
        return socket.create_connection((self.host, self.port), 60)
    def ask(self, name, qtype=A, wait=60, **more):
        with self.udp() as u:
            u.settimeout(wait)
            u.send(query(name, qtype, **more))
            try:
                return Reply(u.recv(65535))
            except TimeoutError:
                return None
    def ask_tcp(self, name, qtype=A, wait=60, **more):
        with self.tcp() as t:
            t.settimeout(wait)
            q = query(name, qtype, **more)
            t.send(struct.pack('!H', len(q)) + q)
            try:
                message = framed(t)
            except TimeoutError:
                return None
            return Reply(message) if message else b''
    def end(self, how=signal.SIGTERM):
        self.child.send_signal(how)
        return self.child.wait(60)

def whole(t, n):
    got = b''
    while len(got) < n:
        more = t.recv(n - len(got))
        if not more:
            return b''
        got += more
    return got

def framed(t):
    head = whole(t, 2)
    return whole(t, struct.unpack('!H', head)[0]) if head else b''

def wire(name):
    labels = [x for x in name.split(b'.') if x]
    return b''.join(bytes([len(x)]) + x for x in labels) + b'\0'

def query(name, qtype=A, ident=4711, size=None, do=0, flags=0x100, cls=1):
    opt = b'' if size is None else \
        b'\0' + struct.pack('!HHLH', 41, size, do << 15, 0)
    if isinstance(name, str):
        name = wire(name.encode())
    return struct.pack('!6H', ident, flags, 1, 0, 0, bool(opt)) + name + \
        struct.pack('!HH', qtype, cls) + opt

class Reply:
    """A strict reader: anything odd is an exception, but for .raw."""
    def __init__(self, raw):
        self.raw = raw
        self.id, self.flags, qd, an, ns, ar = struct.unpack('!6H', raw[:12])
        self.rcode, self.tc = self.flags & 15, bool(self.flags & 0x200)
        self.counts = qd, an, ns, ar
        self.records, self.opt, self.broken = [], None, False
        try:
            at = 12
            for _ in range(qd):
                self.question, at = self.name(at)
                at += 4
            for _ in range(an + ar):
                at = self.record(at)
            assert at == len(raw)
        except (AssertionError, IndexError, struct.error):
            self.broken = True
    def name(self, at, jumps=0):
        labels, back = [], None
        while self.raw[at]:
            if self.raw[at] >= 192:
                to = (self.raw[at] & 63) << 8 | self.raw[at + 1]
                assert to < at
                back, at = back or at + 2, to
            else:
                assert self.raw[at] < 64
                labels.append(self.raw[at + 1:at + 1 + self.raw[at]])
                at += 1 + self.raw[at]
        return b'.'.join(labels) + b'.', back or at + 1
    def record(self, at):
        owner, at = self.name(at)
        rtype, cls, ttl, n = struct.unpack('!HHLH', self.raw[at:at + 10])
        at, end = at + 10, at + 10 + n
        assert end <= len(self.raw)
        if rtype == 41:
            self.opt = owner, cls, ttl, n
            return end
        data = self.raw[at:end]
        if rtype in (NS, CNAME, PTR):
            data = self.name(at)[0]
        if rtype == MX:
            data = struct.unpack('!H', data[:2])[0], self.name(at + 2)[0]
        if rtype == SOA:
            m, to = self.name(at)
            r, to = self.name(to)
            data = (m, r) + struct.unpack('!5L', self.raw[to:end])
        self.records.append((owner, rtype, data, ttl))
        return end
    def data(self):
        return [r[2] for r in self.records]

def counts(reply):
    return reply and (reply.rcode, len(reply.records), reply.broken)

def v4(n):
    return bytes([192, 0, 2, n])

def answers(s):
    r = s.ask('a.test')
    same((r.flags, r.question, r.records), (0x8180, b'a.test.',
         [(b'a.test.', A, v4(1), 300), (b'a.test.', A, v4(2), 300)]),
         'records of a name and type are the answer')
    r = s.ask('A.tEsT')
    same((r.question, r.records[0][0], len(r.raw)),
         (b'A.tEsT.', b'A.tEsT.', 24 + 2 * 16),
         'case does not matter, is echoed, and owners are compressed')
    same(s.ask('a.test', TXT).data(),
         [b'\x0eone "quoted" \\\x03two\0\x03\0\xff;'],
         'strings keep their number, quotes and escapes')
    same(s.ask('mx.test', MX).data(), [(10, b'Mail.test.'), (0, b'.')],
         'MX: preferences, names as written, the root')
    same(s.ask('soa.test', SOA).data(), [(b'ns.test.', b'host.test.', 1, 2,
         3, 4, 4294967295)], 'SOA')
    same(s.ask('soa.test', NS).data(), [b'ns.soa.test.'], 'NS')
    same(s.ask('1.2.0.192.in-addr.arpa', PTR).data(), [b'a.test.'], 'PTR')
    same(s.ask('spf.test', SPF).data(), [b'\x0bv=spf1 -all'], 'SPF')
    same(s.ask('null.test', TXT).data(), [b''], 'a TXT record of no string')
    same([s.ask('raw.test', x).raw[-3:] for x in (CNAME, A)],
         [b'\xff\xff\xff'] * 2, 'hexadecimal rdata is not looked into')
    same(s.ask(b'\x0aodd .name\0\x04test\0').data(), [v4(3)],
         'names may have any octet')
    same(counts(s.ask('a.test', ANY)), (0, 4, False), 'ANY is every type')
    same(counts(s.ask('a.test', MX)), (0, 0, False), 'no data')
    same(counts(s.ask('nope.test')), (3, 0, False), 'no such name')
    same([counts(s.ask(n))[0] for n in ('ent.test', 'below.ent.test', 'test',
         '', 'est', 'xdeep.below.ent.test')], [0, 0, 0, 0, 3, 3],
         'a name above another exists, by whole labels')
    same(s.ask('x.Y.wild.test', TXT).records,
         [(b'x.Y.wild.test.', TXT, b'\x04wild', 60)],
         'a wildcard answers with the name queried, over several labels')
    same([counts(s.ask(n, TXT)) for n in ('host.wild.test', 'x.host.wild.test',
         'wild.test')], [(0, 0, False), (3, 0, False), (0, 0, False)],
         'but not for a name that exists, nor below it, nor its own parent')
    same(s.ask('*.wild.test', TXT).data(), [b'\x04wild'],
         'a wildcard is itself a name')
    same(counts(s.ask('a.test', cls=3)), (5, 0, False), 'other classes: 5')

def chains(s):
    same([r[:2] for r in s.ask('c1.test').records],
         [(b'c1.test.', CNAME), (b'c2.test.', CNAME), (b'a.test.', A),
          (b'a.test.', A)], 'the chain and the records at its end')
    same(len(s.ask('c1.test', CNAME).records), 1, 'CNAME is not followed')
    same(s.ask('q.wc.test').data()[0], b'a.test.', 'a wildcard CNAME')
    same(counts(s.ask('c1.test', MX)), (0, 2, False), 'to a name without data')
    same(counts(s.ask('gone.test')), (3, 1, False), 'to no name: 3')
    same(counts(s.ask('tofail.test')), (2, 0, False), 'to a failure: 2')
    same([counts(s.ask(n)) for n in ('l1.test', 'self.test')],
         [(0, 2, False), (0, 1, False)], 'a loop ends after its links')
    same(counts(s.ask('chain0.test')), (0, 16, False), '16 links at most')
    same(counts(s.ask('chain4.test')), (3, 16, False), 'and the chain\'s end')

def failures_asked_for(s):
    ok(s.ask('never.test', TXT, .2) is None, 'TIMEOUT')
    ok(s.ask_tcp('never.test', TXT, .2) is None, 'TIMEOUT over TCP')
    same(s.ask('gaps.test').data(), [v4(6)],
         'TYPE * is not the types that the name has records of')
    ok(s.ask('gaps.test', TXT, .2) is None, 'but the others')
    same(counts(s.ask('fail.test')), (2, 0, False), 'SERVFAIL')
    same(counts(s.ask('refused.test')), (5, 0, False), 'REFUSED')
    same(counts(s.ask('refused.test', TXT)), (3, 0, False), 'of one type only')
    same(counts(s.ask('notimp.test')), (4, 0, False), 'RCODE')
    r = s.ask('bad.test', size=512)
    same((r.rcode, r.opt[2]), (0, 1 << 24), 'RCODE 16, for EDNS0')
    same(counts(s.ask('empty.test')), (0, 0, False), 'NODATA without records')
    same(counts(s.ask('a.test', AAAA)), (0, 0, False), 'NODATA over records')
    start = time.monotonic()
    r = s.ask('slow.test')
    took = time.monotonic() - start
    ok(r.data() == [v4(99)] and took > .29, 'DELAY')
    ok(s.ask_tcp('slow.test').data() == [v4(99)] and
       time.monotonic() - start - took > .29, 'DELAY over TCP')
    same(s.ask_tcp('loss.test').data(), [v4(99)], 'LOSS spares TCP')
    same([counts(s.ask('loss.test', A, wait)) for wait in (.2, .2, 60)],
         [None, None, (0, 1, False)], 'LOSS of the first two')

def spoiled(s):
    r = s.ask('tc.test')
    ok(r.tc and not r.records and not r.broken, 'TRUNCATE')
    same(s.ask_tcp('tc.test').data(), [v4(99)], 'TRUNCATE is whole over TCP')
    ok(s.ask('tcpsilent.test').tc, 'TCPSILENT: TC over UDP')
    ok(s.ask_tcp('tcpsilent.test', wait=.2) is None, 'and no answer over TCP')
    ok(s.ask('tcpclose.test').tc, 'TCPCLOSE: TC over UDP')
    same(s.ask_tcp('tcpclose.test'), b'', 'and the connection closed')
    one, two = s.ask('garbage.test').raw, s.ask('garbage.test').raw
    ok(one == two and one[:2] == struct.pack('!H', 4711) and len(one) > 99,
       'GARBAGE has the right id and is the same each time')
    r, t = s.ask('short.test'), s.ask('short.test', size=999)
    ok(r.broken and r.counts[1] == 1 and 28 + 2 < len(r.raw) < 28 + 16,
       'SHORT ends in a record')
    same((t.broken, t.counts, len(t.raw)), (True, (1, 1, 0, 1), len(r.raw)),
         'also where EDNS0 would follow')
    ok(s.ask('wrongid.test').id != 4711, 'WRONGID')
    r = s.ask('wrongq.test')
    same((r.question, r.records[0][0], r.data()),
         (b'wrong.invalid.', b'wrongq.test.', [v4(99)]), 'WRONGQUESTION')
    r = s.ask('noq.test')
    same((r.counts, r.data(), r.broken), ((0, 1, 0, 0), [v4(99)], False),
         'NOQUESTION')
    r = s.ask('ptr.test')
    same((r.broken, r.raw[26:28]), (True, b'\xc0\x1a'),
         'LOOPPTR points to itself')
    same(s.ask('case.test').records, [(b'CASE.TEST.', A, v4(99), 60)], 'CASE')
    same([bool(s.ask('ad.test', **q).flags & 0x20) for q in ({},
         {'flags': 0x120}, {'size': 512, 'do': 1}, {'size': 512})],
         [False, True, True, False], 'AD, if the query has AD or DO')
    ok(not s.ask('a.test', flags=0x120).flags & 0x20, 'and no AD elsewhere')

def sizes(s):
    same(s.ask('a.test', size=1232, do=1).opt, (b'.', 1232, 0x8000, 0),
         'EDNS0 is echoed')
    r, t = s.ask('big.test', TXT), s.ask('big.test', TXT, size=100)
    ok(r.tc and not r.broken and r.records and 400 < len(r.raw) <= 512,
       'without EDNS0 what fits into 512 octets, and TC')
    ok(t.tc and len(t.raw) <= 512 and t.opt, 'a smaller EDNS0 size is 512')
    r = s.ask('big.test', TXT, size=1232)
    ok(r.tc and 1100 < len(r.raw) <= 1232, 'what the EDNS0 size allows, and TC')
    r = s.ask('big.test', TXT, size=4096)
    same((r.tc, len(r.records)), (False, 20), 'all, in a size that allows it')
    exact = len(r.raw)
    ok(not s.ask('big.test', TXT, size=exact).tc and
       s.ask('big.test', TXT, size=exact - 1).tc, 'to the octet')
    same(len(s.ask_tcp('big.test', TXT).records), 20, 'all, over TCP')
    r = s.ask_tcp('huge.test', TXT)
    ok(r.tc and 65000 < len(r.raw) < 65536 and not r.broken,
       'over 65535 octets TC even over TCP')

def tcp(s):
    q = b''.join(struct.pack('!H', len(x)) + x for x in
                 (query('a.test', ident=i) for i in range(100)))
    with s.tcp() as t:
        t.sendall(q)
        same([Reply(framed(t)).id for _ in range(100)], list(range(100)),
             'many queries in one connection')
        for octet in q[:40]:
            t.send(bytes([octet]))
            time.sleep(.001)
        ok(Reply(framed(t)).records, 'a query octet by octet')
    with s.tcp() as t:
        t.send(b'\xff\xff')
        same(framed(t), b'', 'a query that is too long ends the connection')
    many = [s.tcp() for _ in range(56)]
    done = 0
    for t in many:
        try:
            t.send(q[:40])
            done += bool(framed(t))
        except OSError:
            pass
    for t in many:
        t.close()
    same(done, 52, '52 connections at once')
    ok(s.ask_tcp('a.test').records, 'and new ones after that')

def crowd(s):
    def ask(name):
        for i in left:
            clients[i % 5].send(query(name, ident=i))

    # The system drops what its buffers cannot hold until dnsd runs.
    def answered():
        for k, u in enumerate(clients):
            try:
                while any(i % 5 == k for i in left):
                    left.discard(Reply(u.recv(999)).id)
            except TimeoutError:
                pass
        return not left
    clients = [s.udp() for _ in range(5)]
    for u in clients:
        u.settimeout(.5)
    left = set(range(500))
    ok(any(ask('a.test') or answered() for _ in range(60)),
       '500 quick queries at once')
    left = set(range(500, 1000))
    ask('slow.test')
    same(len(s.ask('a.test').records), 2, 'late answers keep nobody waiting')
    ok(answered() or any(ask('slow.test') or answered() for _ in range(60)),
       'and there are 500 of them')
    for u in clients:
        u.close()

def hostile(s):
    head = struct.pack('!6H', 7, 0x100, 1, 0, 0, 0)
    for raw, rcode, title in (
            (head, 1, 'no query'), (head + b'\3ab', 1, 'a cut name'),
            (head + b'\xc0\x0c\0\1\0\1', 1, 'a pointer in the query'),
            (head + (b'\x3f' + b'x' * 63) * 4 + b'\0\0\1\0\1', 1,
             'a name of 257 octets'),
            (head[:5] + b'\2' + head[6:] + b'\0\0\1\0\1', 1, 'two queries'),
            (head[:11] + b'\1' + b'\0\0\1\0\1', 1, 'a record that is absent'),
            (head[:2] + b'\x28' + head[3:] + b'\0\0\1\0\1', 4, 'an opcode')):
        with s.udp() as u:
            u.send(raw)
            same(counts(Reply(u.recv(999))), (rcode, 0, False),
                 'hostile: ' + title)
    chance = random.Random(1)
    with s.udp() as u:
        u.setblocking(False)
        for i in range(20000):
            name = chance.choice('a c1 x.wild garbage ptr big short raw '
                                 'noq'.split()) + '.test'
            q = bytearray(query(name, ANY, size=chance.randrange(65536)))
            for _ in range(chance.randrange(1, 5)):
                q[chance.randrange(len(q))] = chance.randrange(256)
            u.send(q[:chance.randrange(len(q) + 1)] if i % 3 else q)
            try:
                u.recv(65535)
            except BlockingIOError:
                pass
    # The system drops what its buffers cannot hold.
    ok(any(s.ask('a.test', wait=1) for _ in range(60)),
       'damaged queries do no damage')

def logged(s, path):
    s.ask('A b\\.Test', TXT, size=1232, do=1)
    s.ask('a.test', 4242, flags=0x120)
    s.ask_tcp('', NS)
    with s.udp() as u:
        u.send(b'x')
    s.ask('a.test')
    with open(path) as f:
        lines = [x.rstrip('\n').split(' ', 1) for x in f]
    same([x[1] for x in lines], ['udp A\\032b\\092.Test. TXT edns=1232 ad=0 '
         'do=1 round=0', 'udp a.test. TYPE4242 edns=- ad=1 do=0 round=0',
         'tcp . NS edns=- ad=0 do=0 round=0',
         'udp - - edns=- ad=0 do=0 round=0',
         'udp a.test. A edns=- ad=0 do=0 round=0'], 'the log has each query')
    times = [int(x[0]) for x in lines]
    ok(times == sorted(times) and
       times[-1] <= (time.monotonic() - s.started) * 1000,
       'in order, with its time')

def rounds_of(zones, log):
    s = Server(*zones, args=['-l', log])
    with s.udp() as one, s.udp() as two:
        one.send(query('a.test'))
        two.send(query('c1.test'))
        multi = s.ask('multi.test')
        all_go = one.recv(512) and two.recv(512)
    s.ask_tcp('a.test')
    s.ask('multi.test')
    s.end()
    with open(log) as f:
        return multi, all_go, [x.split()[2] + x.split('=')[-1].strip()
                               for x in f]

# A slow machine may not send two queries within one pause, but within a longer.
def rounds(folder, zone):
    path, log = os.path.join(folder, 'rounds.zone'), os.path.join(folder, 'rlog')
    want = ['a.test.0', 'c1.test.0', 'multi.test.0', 'a.test.1', 'multi.test.2']
    for pause in (1000, 10000):
        with open(path, 'w') as f:
            f.write(';!ROUND 0 multi.test. *\n;!ROUND %d * *\n' % pause)
        multi, all_go, got = rounds_of((path, zone), log)
        if got == want:
            break
    ok(multi is not None, 'ROUND 0 waits for nobody')
    ok(all_go, 'ROUND: all go in the end')
    same(got, want, 'what follows from an answer is another round')

def usage(folder):
    def status(text, *args):
        path = os.path.join(folder, 'bad.zone')
        with open(path, 'wb') as f:
            f.write(text)
        done = subprocess.run([sys.argv[1], *(args or [path])],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return done.returncode, done.stderr.count(b'\n'), done.stdout
    for line in ('a.test 60 IN A 192.0.2.1', 'a.test. x IN A 192.0.2.1',
                 'a.test. 60 CH A 192.0.2.1', 'a.test. 60 IN A 192.0.2',
                 'a.test. 60 IN A 192.0.2.1 2', 'a..test. 60 IN A 192.0.2.1',
                 'a.test. 60 IN TXT "a', 'a.test. 60 IN TXT', '. 60 IN AAAA x',
                 'a.test. 60 IN TXT "%s"' % ('x' * 256), 'a.test. 60 IN FOO x',
                 'a.test. 60 IN TXT "\\256"', 'a.test. 60 IN MX 65536 a.',
                 'a.test. 60 IN TYPE9 \\# 2 ff', 'a.test. 60 IN TYPE9 x',
                 'x' * 64 + '.test. 60 IN A 192.0.2.1', ';!FOO a.test. A',
                 ';!SERVFAIL a.test A', ';!DELAY a.test. A', ';!AD a.test.'):
        same(status(b'\n;\n' + line.encode()), (78, 1, b''),
             'malformed: ' + line[:40])
    same(status(b'', '/nonexistent')[0], 66, 'no such zone file')
    same(status(b'', '-p', '65536', '/dev/null')[0], 64, 'no such port')
    same(status(b'', '-x')[0], 64, 'no such option')

# A server at a port that one had until now, unless another program was faster.
def restarted(zone, port):
    for _ in range(20):
        try:
            return Server(zone, args=['-p', str(port)]), port
        except ValueError:
            s = Server(zone)
            port = s.port
            s.end()

def lifecycle(folder, zone):
    s = Server(zone, args=['-e'], stdin=subprocess.PIPE)
    s.child.stdin.write(b'x')
    s.child.stdin.flush()
    ok(s.ask('a.test').records and s.child.poll() is None, '-e: still there')
    s.child.stdin.close()
    same(s.child.wait(60), 0, '-e: the end of stdin is the end')
    s = Server(zone, '/dev/null', stdin=subprocess.DEVNULL)
    port = s.port
    ok(s.ask('a.test').records, 'without -e stdin does not matter')
    s.udp().send(query('slow.test'))
    t = s.tcp()
    t.send(b'\0')
    same(s.end(signal.SIGINT), 0, 'SIGINT ends it, whatever is under way')
    s, port = restarted(zone, port)
    same((s.port, len(s.ask_tcp('a.test').records)), (port, 2), '-p')
    same(s.end(), 0, 'SIGTERM ends it')
    with open(os.path.join(folder, 'all.zone'), 'w') as f:
        f.write(';!DELAY 1 * *\n;!AD * *\n;!LOSS 1 * MX\n')
    s = Server(os.path.join(folder, 'all.zone'), zone)
    ok(s.ask('a.test', flags=0x120).flags & 0x20, 'NAME * is every name')
    same([counts(s.ask('a.test', MX, wait)) for wait in (.2, 60)],
         [None, (0, 0, False)], 'and several files are one zone')
    s.end()
    try:
        s = Server(zone, args=['-6'])
    except ValueError:
        ok(True, '-6 # SKIP no IPv6 loopback')
        return
    same([len(s.ask('a.test').records), len(s.ask_tcp('a.test').records),
          s.end()], [2, 2, 0], '-6')

def conformance(root):
    title = 'the zones of the conformance suites load'
    if not root:
        return ok(True, title + ' # SKIP VOUCH_CONFORMANCE is not set')
    s = Server(*(os.path.join(d, f) for d, _, files in os.walk(root)
                 for f in files if f.endswith('.zone')))
    same((s.ask('example.com', MX).rcode, s.end()), (0, 0), title)

def main(folder):
    zone = os.path.join(folder, 'test.zone')
    log = os.path.join(folder, 'log')
    with open(zone, 'wb') as f:
        f.write(ZONE)
    s = Server(zone)
    same(s.last, b'', 'the port is all that stdout gets')
    for part in (answers, chains, failures_asked_for, spoiled, sizes, tcp,
                 crowd, hostile):
        part(s)
    same(s.end(), 0, 'none of that did any harm')
    s = Server(zone, args=['-l', log])
    logged(s, log)
    s.end()
    rounds(folder, zone)
    usage(folder)
    lifecycle(folder, zone)
    conformance(os.environ.get('VOUCH_CONFORMANCE'))

with tempfile.TemporaryDirectory() as folder:
    main(folder)
print('1..%d' % tests)
sys.exit(failures > 0)
EOF
