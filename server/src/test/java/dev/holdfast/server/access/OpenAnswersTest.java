package dev.holdfast.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.search.Scope;
import dev.holdfast.spi.server.NewToken;
import dev.holdfast.spi.server.Role;
import dev.holdfast.spi.server.TokenStore;
import dev.holdfast.test.memory.MemoryJobStore;
import dev.holdfast.test.time.VirtualProcess;
import dev.holdfast.test.time.VirtualScheduler;
import dev.holdfast.test.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Responses that stay open, when their caller's token ends. */
@Tag("R-47")
final class OpenAnswersTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofDays(1);

  private final VirtualTime time = new VirtualTime();
  private final MemoryJobStore store = new MemoryJobStore(time);
  private final TokenStore tokens = store.server().tokens();
  private final Gate gate = new Gate(tokens, true, time);
  private final OpenAnswers open =
      new OpenAnswers(
          gate,
          new VirtualScheduler(
              time,
              new VirtualProcess("server"),
              (duty, failure) -> {
                throw new AssertionError(duty, failure);
              }));
  private final List<String> ended = new ArrayList<>();

  @AfterEach
  void close() {
    time.close();
  }

  private Identity token(String name, Duration expiry) {
    TokenSecret secret = TokenSecret.random();
    tokens.create(
        new NewToken(name, secret.hash(), Role.VIEWER, Scope.all(), Optional.of(expiry), "test"));
    return gate.admit(Credentials.of("Bearer " + secret.reveal()), Permission.SEE);
  }

  private Identity session(Identity token, String id, Duration length) {
    return new Identity(
        token.name(),
        token.role(),
        token.scope(),
        token.tokenHash(),
        Optional.of(
            new BrowserSession(id, token.tokenHash().orElseThrow(), time.now().plus(length))));
  }

  private void open(String name, Identity identity) {
    open.add(identity, () -> false, () -> ended.add(name));
  }

  @Test
  void end_within_a_second_of_it_and_not_before() {
    Identity local = Identity.local();
    open("local", local);
    time.advance(SECOND);
    assertThat(ended).isEmpty();

    Identity revoked = token("revoked", LONG); // the first token ends what local callers may do
    time.advance(SECOND);
    assertThat(ended).containsExactly("local");
    ended.clear();

    Identity other = token("other", LONG);
    Identity expired = token("expired", Duration.ofSeconds(20));
    open("revoked", revoked);
    open("revoked again", revoked);
    open("session of revoked", session(revoked, "s1", LONG));
    open("other", other);
    open("expired", expired);
    open("session that ends", session(other, "s2", Duration.ofSeconds(40)));
    open("session that is ended", session(other, "s3", LONG));
    open("session that goes on", session(other, "s4", LONG));
    time.advance(Duration.ofSeconds(10));
    assertThat(ended).isEmpty();

    tokens.revoke("revoked");
    time.advance(SECOND);
    assertThat(ended).containsExactlyInAnyOrder("revoked", "revoked again", "session of revoked");
    ended.clear();
    time.advance(Duration.ofSeconds(8));
    assertThat(ended).isEmpty();
    time.advance(Duration.ofSeconds(2));
    assertThat(ended).containsExactly("expired");
    ended.clear();

    tokens.endSession("s3", LONG); // as another server does
    time.advance(SECOND);
    assertThat(ended).containsExactly("session that is ended");
    ended.clear();
    time.advance(Duration.ofSeconds(20));
    assertThat(ended).containsExactly("session that ends");
    assertThat(open.count()).isEqualTo(2);
  }

  @Test
  void that_have_ended_by_themselves_are_forgotten() {
    Identity own = token("own", LONG);
    open.add(own, () -> true, () -> ended.add("own"));
    time.advance(SECOND);
    tokens.revoke("own");
    time.advance(SECOND);

    assertThat(ended).isEmpty();
    assertThat(open.count()).isZero();
  }
}
