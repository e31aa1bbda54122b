# Trial: messages are signed and altered; what dkim-verify --explain tells of
# them is compared with what was done.
# SPDX-License-Identifier: ISC
package Trial;
use strict;
use warnings;
use Digest::SHA qw(sha256);
use JSON::PP;
use Message;
use Compose;
use Lines;
use Mime;
use Fields;

our %alter = (%Lines::alter, %Mime::alter, %Fields::alter);
our %key = (rsa => ['r2048', 'rsa2048'], short => ['r1024', 'rsa1024'], ed => ['ed', 'ed25519']);
my ($tmp, $now) = ($ENV{TMP}, $ENV{NOW});
my @canons = qw(simple relaxed);

sub slurp { open my $f, '<:raw', $_[0] or return; local $/; return scalar <$f> }
sub spill { open my $f, '>:raw', $_[0] or die "$_[0]: $!"; print $f $_[1]; close $f or die }

# What several alterations need of one message, or nothing if that cannot be.
sub needs {
	my %n = (need => {}, shapes => [@Compose::SHAPES]);
	for my $a (map { $alter{$_} } @_) {
		for my $k (keys %{$a->{need} || {}}) {
			return if exists $n{need}{$k} && $n{need}{$k} ne $a->{need}{$k};
			$n{need}{$k} = $a->{need}{$k};
		}
		my %s = map { $_ => 1 } @{$a->{shapes} || $n{shapes}};
		$n{shapes} = [grep { $s{$_} } @{$n{shapes}}];
		$n{$_} ||= $a->{$_} for qw(header body crlf z);
		$n{$_} = join ':', grep { $_ } $n{$_}, $a->{$_} for qw(over sign);
	}
	return if !@{$n{shapes}};
	return if $n{need}{folded} && $n{need}{unfolded};
	return \%n;
}

sub sign {
	my ($octets, $file, $key, $n, $how) = @_;
	my ($selector, $pem) = @{$key{$key}};
	spill("$file.in", $octets);
	my @args = ('-k', "$selector=$tmp/keys/$pem.pem", '-c', "$how->{header}/$how->{body}",
		'-d', 'example.org', "--now=$now", '--no-warnings');
	my $z = $n->{z} || $how->{z};
	push @args, '--copied-headers' if $z;
	push @args, '--oversign=' . ($n->{over} || '') if $n->{over} || $how->{plain};
	push @args, '--sign-headers=' . join ',', map { "+$_" } do { my %s; grep { !$s{$_}++ } split /:/, $n->{sign} } if $n->{sign};
	open my $old, '<&', \*STDIN; open STDIN, '<', "$file.in"; 
	open my $p, '-|', 'dkim-sign', @args or die;
	binmode $p;
	local $/;
	my $out = <$p>;
	open STDIN, '<&', $old;
	return $out;
}

# The text of what a signature covers.
sub covered {
	my ($m) = @_;
	my $field = $m->{fields}[find($m, 'dkim-signature') // return ''];
	my (undef, $c) = split m{/}, {tags($field)}->{c} || '';
	return (signed_header($m), canon_body($c || 'simple', $m->{body}));
}

# A message with alterations: undef if they do not go together.
sub make {
	my ($ids, $key, $file) = @_;
	my $n = needs(@$ids) or return;
	my $shape = pick(@{$n->{shapes}});
	my %how = (header => $n->{header} || pick(@canons), body => $n->{body} || pick(@canons),
		z => !$n->{over} && chance(0.05), plain => chance(0.3));
	my $lf = !$n->{crlf} && chance(0.5);
	my $octets = Compose::message($shape, $n->{need});
	my $signed = sign($lf ? $octets =~ s/\r\n/\n/gr : $octets, $file, $key, $n, \%how) || return;
	my $m = parse($signed);
	my $was = parse($signed);
	for my $id (@$ids) {
		my @before = covered($m);
		my @field = @{$m->{fields}};
		$alter{$id}{do}->($m) or return;
		my @after = covered($m);
		return if $before[0] eq $after[0] && $before[1] eq $after[1];
	}
	# One may have undone another.
	my @signed = covered($was);
	my @left = covered($m);
	return if $signed[0] eq $left[0] && $signed[1] eq $left[1];
	spill($file, octets($m, $lf));
	return {ids => $ids, key => $key, shape => $shape, lf => $lf, z => $n->{z} || $how{z}, file => $file,
		canon => "$how{header}/$how{body}", was => $was, now => $m};
}

sub run { # a program's output, and its status in $?
	open my $p, '-|', @_ or die;
	binmode $p;
	local $/;
	my $out = <$p>;
	close $p;
	return $out;
}

# What dkim-verify tells.
sub explain {
	my ($c) = @_;
	unlink "$c->{file}.repaired";
	my $json = run('sh', '-c', 'exec dkim-verify "$@" 2>/dev/null', 'sh', '--explain', '-j', '-z', $ENV{ZONE}, "--now=$now",
		"--repaired=$c->{file}.repaired", $c->{file});
	spill("$c->{file}.json", $json);
	$c->{x} = eval { decode_json($json)->{explain}[0] } or return;
	return $c->{x};
}

my %good = (intact => 1, repaired => 1);

# What is not true of what it tells: a list of remarks.
sub untrue {
	my ($c) = @_;
	my $x = $c->{x};
	my @was = covered($c->{was});
	my @now = covered($c->{now});
	my @bad;
	for my $i (0, 1) {
		my $part = ('header', 'body')[$i];
		my $same = $was[$i] eq $now[$i];
		next if $i == 0 && grep { $_ eq 'signature-bh' } @{$c->{ids}};
		push @bad, "$part said to be intact" if $x->{$part} eq 'intact' && !$same;
		push @bad, "$part said to be altered" if $x->{$part} eq 'repaired' && $same;
	}
	return @bad if !$c->{found};
	my $repaired = slurp("$c->{file}.repaired");
	return @bad, 'nothing is repaired' if !defined $repaired;
	run('dkim-verify', '-q', '-z', $ENV{ZONE}, "--now=$now", "$c->{file}.repaired");
	push @bad, 'the repaired message does not verify' if $?;
	my @again = covered(parse($repaired));
	push @bad, 'the repaired header differs' if $again[0] ne $was[0];
	push @bad, 'the repaired body differs' if $again[1] ne $was[1];
	return @bad;
}

# Does a finding name the place? What was signed is put there; or, of several
# places, nothing before the first one differs, and something there does.
sub misplaced {
	my ($c, $r) = @_;
	my $now = slurp($c->{file});
	my ($offset, $length) = @$r{qw(offset length)};
	return 'beyond the end' if $offset + $length > length $now;
	my $start = length octets({fields => $c->{now}{fields}, body => ''}, $c->{lf});
	if ($r->{where} eq 'header') {
		return 'not in the header' if $offset > $start;
		my ($at, $name) = (0, '');
		for my $raw (@{$c->{now}{fields}}) {
			$name = name($raw);
			$at += length($c->{lf} ? $raw =~ s/\r\n/\n/gr : $raw);
			last if $offset < $at;
		}
		return if !$length || $offset == $at || $name eq lc($r->{field} // '');
		return "not in $r->{field}, but in $name";
	}
	return 'not in the body' if $offset < $start;
	my $lines = () = substr($now, $start, $offset - $start) =~ /\n/g;
	return "line $r->{line}, not $lines" if $lines != $r->{line};
	my ($old, $new) = ($c->{was}{body}, substr $now, $start);
	$old =~ s/\r\n/\n/g if $c->{lf};
	my $put = $new;
	if ($r->{places} == 1 && defined $r->{before} && ($r->{before_length} // 0) == length($r->{before} // '')) {
		substr $put, $offset - $start, $length, $r->{before};
		my (undef, $b) = split m{/}, $c->{canon};
		$put =~ s/(?<!\r)\n/\r\n/g if $c->{lf};
		return if canon_body($b, $put) eq canon_body($b, $c->{was}{body});
	}
	my $before = loose($c, substr $new, 0, $offset - $start);
	my $whole = loose($c, $old);
	return 'after octets that were changed' if substr($whole, 0, length $before) ne $before;
	return;
}

# A text in the canonical form, but for empty lines at its end.
sub loose {
	my ($c, $text) = @_;
	$text =~ s/(?<!\r)\n/\r\n/g;
	if ($c->{canon} =~ m{/relaxed}) {
		$text =~ s/[ \t]+/ /g;
		$text =~ s/ (?=\r\n|\z)//g;
	}
	return $text;
}

# The digest that the signer has signed, taken out of the signature.
sub recovered {
	my ($c) = @_;
	my %tag = tags($c->{was}{fields}[find($c->{was}, 'dkim-signature')]);
	spill("$c->{file}.sig", MIME::Base64::decode_base64($tag{b}));
	my $block = run('openssl', 'pkeyutl', '-verifyrecover', '-inkey', "$tmp/keys/$key{$c->{key}}[1].pem", '-in', "$c->{file}.sig");
	return substr $block // '', -32;
}

my %reasons = map { $_ => 1 } ('its strings cannot hold 8-bit text', 'its strings cannot hold a CR or LF',
	'its strings cannot hold a NUL or DEL', 'it would be too long',
	'it gives neither folds nor the case of names, which c=simple signs');

# What is not true of the recipe.
sub recipe {
	my ($c) = @_;
	my $x = $c->{x};
	return if !$c->{found};
	if (!$x->{recipe}) {
		my $why = $x->{recipe_reason} // '';
		return $reasons{$why} ? () : "no recipe: $why";
	}
	my $script = "$ENV{ROOT}/tests/helper/explain-recipe";
	my $body = run($script, '-b', $c->{file}, "$c->{file}.json");
	return 'the recipe cannot be applied' if $?;
	my $header = run($script, '-h', $c->{file}, "$c->{file}.json");
	my @bad;
	my %tag = tags($c->{was}{fields}[find($c->{was}, 'dkim-signature')]);
	push @bad, 'the recipe gives another body' if MIME::Base64::encode_base64(sha256($body), '') ne $tag{bh};
	if ($c->{key} eq 'ed' || system('command -v openssl >/dev/null')) {
		push @bad, 'the recipe gives another header' if $header ne (covered($c->{was}))[0];
	} else {
		push @bad, 'the recipe gives another digest of the header' if sha256($header) ne recovered($c);
	}
	return @bad;
}

# Makes a case with ids that $choose returns, and what is told of it.
sub case {
	my ($seed, $choose, $key, $file) = @_;
	for my $i (0 .. 199) {
		srand($seed * 1000 + $i);
		my @ids = $choose->() or next;
		my $c = make(\@ids, $key, $file) or next;
		$c->{seed} = $seed;
		if (!explain($c)) { $c->{bad} = ['there is no explanation']; return $c }
		$c->{found} = $good{$c->{x}{header}} && $good{$c->{x}{body}};
		$c->{bad} = [untrue($c), recipe($c)];
		return $c;
	}
	return;
}

# The remarks about a case with one alteration.
sub single {
	my ($c) = @_;
	my $id = $c->{ids}[0];
	return 'not found' if !$c->{found};
	my %may = map { $_ => 1 } $id, @{$alter{$id}{ids} || []}, $c->{z} ? qw(field-changed field-lost) : (),
		$c->{canon} =~ /^simple/ ? qw(header-folded header-unfolded) : ();
	my @bad;
	my @other = grep { !$may{$_->{id}} } @{$c->{x}{repairs}};
	push @bad, 'found ' . join ', ', map { $_->{id} } @other if @other && !$alter{$id}{also};
	for my $r (@{$c->{x}{repairs}}) {
		my $where = misplaced($c, $r);
		push @bad, "$r->{id}: $where" if defined $where;
	}
	return @bad;
}

sub about { my ($c) = @_; return join ' ', join('+', @{$c->{ids}}), "seed $c->{seed}", $c->{key}, $c->{shape}, $c->{canon}, $c->{lf} ? 'LF' : 'CRLF', $c->{z} ? 'z=' : () }

1;
