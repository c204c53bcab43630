# notify.bats - what happened, told to a command or a webhook.

load helpers

teardown() { [ -z "$server" ] || kill "$server" 2>/dev/null || :; }

# A webhook: appends each request to the file posts and answers with the code
# that stands in the file answer.  Its port is in the file port.
serve() {
	echo "${1:-204}" >answer
	perl -MIO::Socket::INET -e '
		my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1",
		    Listen => 5, ReuseAddr => 1) or die;
		open(my $p, ">", "port.new"); print $p $s->sockport; close $p;
		rename "port.new", "port";
		while (my $c = $s->accept) {
			my ($head, $body, $length) = ("", "", 0);
			while (my $line = <$c>) {
				$head .= $line;
				$length = $1 if $line =~ /^content-length: (\d+)/i;
				last if $line =~ /^\r?\n$/;
			}
			read($c, $body, $length);
			open(my $a, "<", "answer"); my $code = <$a>; chomp $code;
			open(my $o, ">>", "posts");
			$head =~ s/\r//g; $head =~ s/\n/|/g;
			print $o "$code\t$head\t$body\n"; close $o;
			print $c "HTTP/1.1 $code X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
			close $c;
		}' 3>&- &
	server=$!
	until_true test -s port
	url=http://127.0.0.1:$(cat port)/hook
}

bodies() { cut -f 3 posts 2>/dev/null; }

@test "a command is told of each event, in order, from now on" {
	new kitchen
	cat >told.sh <<-'SH'
		echo "$TASKCTL_EVENT $TASKCTL_TASK $TASKCTL_AGENT $(jq -r '[.id, .kind, .task] | join(" ")')" >>told
	SH
	as ann claim 1.1
	code 0 t notify --command 'sh told.sh'
	same '' "$out$err$(cat told 2>/dev/null)"
	as ann done 1.1
	as bob claim 1.3
	as bob fail 1.3 -m x
	json 0 notify --command 'sh told.sh'
	is '.told == 2 and .passed_over == 0'
	same 'done 1.1 ann done 1.1
failed 1.3 bob failed 1.3' "$(sed 's/ [0-9]* / /' told | sed 's/\(.*\) [0-9]\{1,\} /\1 /')"
	code 0 t notify --command 'sh told.sh'
	same 2 "$(wc -l <told)"
}

@test "--events chooses, --after goes back, --name keeps places apart" {
	new kitchen
	as ann claim 1.1 && as ann done 1.1
	json 0 notify --command 'cat >>a; echo >>a' --after 0 --events claimed
	is '.told == 1'
	same claimed "$(jq -r .kind a)"
	json 0 notify --command true --events all --name other
	is '.told == 0'
	as ann claim 1.3
	json 0 notify --command true --events all --name other
	is '.told == 1'
	json 0 notify --command true --events claimed
	is '.told == 1'
}

@test "what was not told is told by the next pass, and nothing behind it before" {
	new kitchen
	t notify --command true
	as ann claim 1.1 && as ann done 1.1
	as ann claim 1.3 && as ann done 1.3
	code 1 t notify --command 'cat >>seen; echo sorry >&2; exit 3'
	says 'ended with 3: sorry'
	same 1.1 "$(jq -r .task seen)"
	json 0 notify --command 'jq -r .task >>done'
	is '.told == 2'
	same '1.1 1.3' "$(xargs <done)"
}

@test "an event that is never taken is passed over after so many tries" {
	new kitchen
	t notify --command true
	as ann claim 1.1 && as ann done 1.1
	as ann claim 1.3 && as ann done 1.3
	code 1 t notify --command false --tries 3
	code 1 t notify --command false --tries 3
	# The third try of one, the first of the next.
	code 1 t notify --command false --tries 3
	says 'it is passed over'
	json 0 notify --command 'jq -r .task >>done' --tries 3
	is '.told == 1'
	same 1.3 "$(cat done)"
}

@test "a webhook gets JSON, with a key that tells repetitions" {
	new kitchen
	serve
	WEBHOOK=$url
	export WEBHOOK
	code 0 t notify --url env:WEBHOOK
	as ann claim 1.1 && as ann done 1.1
	echo 500 >answer
	code 1 t notify --url env:WEBHOOK
	says 'answered 500'
	says_not "$url"
	echo 204 >answer
	code 0 t notify --url env:WEBHOOK
	same 2 "$(bodies | wc -l)"
	same 1 "$(bodies | sort -u | wc -l)"
	bodies | head -n 1 | jq -e '.kind == "done" and .task == "1.1" and .agent == "ann" and (.store | length > 0)'
	same 1 "$(grep -o 'Idempotency-Key: [^|]*' posts | sort -u | wc -l)"
	grep -q 'POST /hook HTTP/1.1|.*Content-Type: application/json|' posts
}

@test "a kind of event that there is not is refused, not waited for" {
	new kitchen
	for kinds in bogus done, done,x ,done '' 'done, failed'; do
		code 64 t notify --command true --events "$kinds"
	done
	TASKCTL_LOG=text code 64 t notify --command true --events 'done, failed'
	says 'there are no events " failed"' 'all, init, imported' 'conflicted'
	[ ! -e .tasks/notify ]
	code 0 t notify --command true --events claimed,done
	code 0 t notify --command true --events all
}

@test "a redirect is no answer, and nothing but http is spoken" {
	new kitchen
	serve 302
	t notify --url "$url"
	as ann claim 1.1 && as ann done 1.1
	code 1 t notify --url "$url"
	says 'answered 302'
	for wrong in file:///etc/passwd ftp://x gopher://x x ''; do
		code 64 t notify --url "$wrong"
	done
	code 64 t notify --url env:NOT_SET
	code 64 t notify
	code 64 t notify --url "$url" --command true
}

@test "--follow tells as it happens, tries again, and ends when asked to" {
	new kitchen
	serve 503
	t notify --url "$url"
	taskctl notify --follow --url "$url" 2>said 3>&- &
	follower=$!
	as ann claim 1.1 && as ann done 1.1
	until_true grep -q 'tried again' said
	echo 200 >answer
	until_true grep -q ^200 posts
	as ann claim 1.3 && as ann done 1.3
	until_true grep -q '"1.3"' posts
	kill $follower
	wait $follower
	json 0 notify --url "$url"
	is '.told == 0'
}

@test "a claim never waits for a webhook that does not answer" {
	new kitchen
	t notify --command true
	as ann claim 1.1 && as ann done 1.1
	taskctl notify --command 'touch began; sleep 60' 3>&- &
	notifier=$!
	until_true test -e began
	code 0 timeout 5 env TASKCTL_AGENT=bob taskctl claim 1.3
	code 9 t notify --command true
	says 'another notify'
	kill $notifier
	pkill -P $notifier || :
}

@test "a command in the configuration is no key: a repository brings none" {
	new kitchen
	refused 8 config notify.command 'touch pwned'
}

@test "bad places and names are refused, and a broken place is not guessed" {
	new kitchen
	for name in '' ../x a/b .hidden -x "$(printf '%065d' 1)"; do
		code 8 t notify --command true --name "$name"
	done
	t notify --command true
	echo nonsense >.tasks/notify/default
	code 8 t notify --command true
	says 'does not say how far'
	code 8 t notify --command true --after 0
}
