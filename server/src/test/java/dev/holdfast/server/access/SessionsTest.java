package dev.holdfast.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.spi.server.LeaseKey;
import dev.holdfast.spi.server.LeaseKeyStore;
import dev.holdfast.test.memory.MemoryJobStore;
import dev.holdfast.test.time.MovableTime;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-47")
class SessionsTest {
  private static final String HASH = "0123456789abcdef".repeat(4);

  private final MovableTime time = new MovableTime();
  private final MemoryJobStore store = new MemoryJobStore(time);
  private final Sessions sessions = sessions(store, Optional.empty());

  private Sessions sessions(MemoryJobStore of, Optional<URI> publicUrl) {
    return new Sessions(
        new SigningKeys(of.server().leaseKeys(), time), time, () -> 8484, false, publicUrl);
  }

  /** The part of Set-Cookie that browsers send back. */
  private static String cookie(String setCookie) {
    return setCookie.replaceFirst(";.*", "");
  }

  private static List<String> hashes(Sessions sessions, String cookies) {
    return sessions.read(cookies).sessions().stream().map(BrowserSession::tokenHash).toList();
  }

  @Test
  void a_cookie_stands_for_its_token_among_others() {
    String cookie = cookie(sessions.begin(HASH));

    assertThat(hashes(sessions, cookie)).containsExactly(HASH);
    assertThat(hashes(sessions, "theme=dark; " + cookie + "; x=1")).containsExactly(HASH);
    assertThat(hashes(sessions, "theme=dark")).isEmpty();
  }

  @Test
  void several_cookies_of_its_name_count_each() {
    String cookie = cookie(sessions.begin(HASH));
    String other = cookie(sessions.begin("f".repeat(64)));
    String wrong = cookie.substring(0, cookie.indexOf('=') + 1) + "x";

    assertThat(hashes(sessions, wrong + "; " + cookie)).containsExactly(HASH);
    assertThat(hashes(sessions, other + "; " + cookie)).containsExactly("f".repeat(64), HASH);
    assertThat(sessions.read(wrong).hasCookie()).isTrue();
    assertThat(sessions.read("theme=dark").hasCookie()).isFalse();
  }

  @Test
  void a_cookie_holds_for_twelve_hours() {
    String cookie = cookie(sessions.begin(HASH));

    time.advance(Duration.ofHours(12).minusSeconds(2));
    assertThat(hashes(sessions, cookie)).containsExactly(HASH);
    time.advance(Duration.ofSeconds(2));
    assertThat(hashes(sessions, cookie)).isEmpty();
  }

  @Test
  void a_cookie_is_good_for_nothing_once_a_letter_of_it_is_another_one() {
    String cookie = cookie(sessions.begin(HASH));
    int start = cookie.indexOf('=') + 1;

    for (int i = start; i < cookie.length() - 1; i++) { // the last one has bits that do not count
      char other = cookie.charAt(i) == '1' ? '2' : '1';
      String changed = cookie.substring(0, i) + other + cookie.substring(i + 1);
      assertThat(hashes(sessions, changed)).as(changed).isEmpty();
    }
  }

  @Test
  void a_cookie_of_another_queue_is_unknown() {
    String foreign = cookie(sessions(new MemoryJobStore(time), Optional.empty()).begin(HASH));

    assertThat(hashes(sessions, foreign)).isEmpty();
  }

  @Test
  void a_cookie_of_another_server_of_the_queue_holds() {
    String other = cookie(sessions(store, Optional.empty()).begin(HASH));

    assertThat(hashes(sessions, other)).containsExactly(HASH);
  }

  @Test
  void a_cookie_ends_soon_after_its_key_was_removed() {
    MovableKeys keys = new MovableKeys(store.server().leaseKeys());
    Sessions withdrawn =
        new Sessions(new SigningKeys(keys, time), time, () -> 8484, false, Optional.empty());
    String cookie = cookie(withdrawn.begin(HASH));
    assertThat(hashes(withdrawn, cookie)).containsExactly(HASH);

    keys.kept = new MemoryJobStore(time).server().leaseKeys();
    time.advance(Duration.ofSeconds(5));

    assertThat(hashes(withdrawn, cookie)).isEmpty();
    assertThat(hashes(withdrawn, cookie(withdrawn.begin(HASH)))).containsExactly(HASH);
  }

  /** Keys of a database that another one replaces. */
  private static final class MovableKeys implements LeaseKeyStore {
    private LeaseKeyStore kept;

    private MovableKeys(LeaseKeyStore kept) {
      this.kept = kept;
    }

    @Override
    public List<LeaseKey> list() {
      return kept.list();
    }

    @Override
    public List<LeaseKey> rotate(LeaseKey key, Duration age, Duration replacedKept) {
      return kept.rotate(key, age, replacedKept);
    }
  }

  @Test
  void a_cookie_is_kept_from_scripts_other_pages_and_plain_text() {
    assertThat(sessions.begin(HASH))
        .startsWith("holdfast-session-8484=")
        .endsWith("; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict");

    Sessions published = sessions(store, Optional.of(URI.create("https://example.com/queue")));
    assertThat(published.begin(HASH))
        .startsWith("holdfast-session=")
        .endsWith("; Max-Age=43200; Path=/queue; HttpOnly; SameSite=Strict; Secure");
    assertThat(published.end())
        .isEqualTo("holdfast-session=; Max-Age=0; Path=/queue; HttpOnly; SameSite=Strict; Secure");
  }
}
