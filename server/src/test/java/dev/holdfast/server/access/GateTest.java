package dev.holdfast.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.http.ProblemException;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.server.NewToken;
import dev.holdfast.spi.server.Role;
import dev.holdfast.spi.server.TokenRecord;
import dev.holdfast.spi.server.TokenStore;
import dev.holdfast.test.memory.MemoryJobStore;
import dev.holdfast.test.time.MovableTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-47")
class GateTest {
  private final MovableTime time = new MovableTime();
  private final CountedTokens tokens =
      new CountedTokens(new MemoryJobStore(time).server().tokens());
  private final Gate gate = new Gate(tokens, false, time);

  /** Counts the lookups of tokens. */
  private static final class CountedTokens implements TokenStore {
    private final TokenStore tokens;
    private int looks;

    private CountedTokens(TokenStore tokens) {
      this.tokens = tokens;
    }

    @Override
    public void create(NewToken token) {
      tokens.create(token);
    }

    @Override
    public Optional<TokenRecord> find(String hash) {
      looks++;
      return tokens.find(hash);
    }

    @Override
    public List<TokenRecord> list() {
      return tokens.list();
    }

    @Override
    public boolean revoke(String name) {
      return tokens.revoke(name);
    }

    @Override
    public void used(String name) {
      tokens.used(name);
    }

    @Override
    public void endSession(String id, Duration kept) {
      tokens.endSession(id, kept);
    }

    @Override
    public boolean isSessionEnded(String id) {
      looks++;
      return tokens.isSessionEnded(id);
    }
  }

  private void isRefused(TokenSecret secret) {
    assertThatThrownBy(
            () -> gate.admit(Credentials.of("Bearer " + secret.reveal()), Permission.ADMINISTER))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void a_wrong_token_is_looked_up_at_most_once_a_second() {
    TokenSecret wrong = TokenSecret.random();

    for (int i = 0; i < 100; i++) {
      isRefused(wrong);
    }

    assertThat(tokens.looks).isEqualTo(1);
    time.advance(Duration.ofSeconds(1));
    isRefused(wrong);
    assertThat(tokens.looks).isEqualTo(2);
  }

  @Test
  void a_revoked_token_is_looked_up_at_most_once_a_second() {
    TokenSecret secret =
        Tokens.create(tokens, "a", Role.ADMIN, Scope.all(), Optional.empty(), "test");
    tokens.revoke("a");

    isRefused(secret);
    isRefused(secret);

    assertThat(tokens.looks).isEqualTo(1);
  }

  @Test
  void any_number_of_wrong_tokens_evicts_no_valid_one() {
    TokenSecret right =
        Tokens.create(tokens, "a", Role.ADMIN, Scope.all(), Optional.empty(), "test");
    gate.admit(Credentials.of("Bearer " + right.reveal()), Permission.SEE);

    for (int i = 0; i < 10_001; i++) {
      isRefused(TokenSecret.random());
    }
    int before = tokens.looks;
    gate.admit(Credentials.of("Bearer " + right.reveal()), Permission.SEE);

    assertThat(tokens.looks).isEqualTo(before);
  }
}
