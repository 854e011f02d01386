package dev.holdfast.server.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.server.LeaseKey;
import dev.holdfast.spi.server.LeaseKeyStore;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs texts with HMAC-SHA-256 by a key of the database, so that every server of the queue takes
 * what another one signed. Safe from any thread.
 */
public final class SigningKeys {
  private static final String ALGORITHM = "HmacSHA256";
  private static final Duration ROTATION = Duration.ofDays(30);
  private static final Duration REPLACED_KEPT = Duration.ofDays(1);
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

  /** A key that was removed from the database signs and is taken for so long at most. */
  private static final Duration TRUST = Duration.ofSeconds(5);

  private static final int SECRET_BYTES = 32;
  private static final int ID_BYTES = 6;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final LeaseKeyStore store;
  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock(); // one look at a time
  private volatile List<LeaseKey> keys = List.of();
  private volatile long lookedAtTicks;

  /** Uses the keys of this store. */
  public SigningKeys(LeaseKeyStore store, TimeSource time) {
    this.store = store;
    this.time = time;
    this.lookedAtTicks = time.ticks() - TRUST.toNanos();
  }

  /** The key to sign with: made where there is none, and replaced when it is old. */
  public LeaseKey newest() {
    lookIfOlderThan(TRUST);
    List<LeaseKey> known = keys;
    boolean isOld = known.isEmpty() || known.get(0).createdAt().plus(ROTATION).isBefore(time.now());
    return isOld ? rotated() : known.get(0);
  }

  private LeaseKey rotated() {
    LeaseKey fresh =
        new LeaseKey(random(ID_BYTES), random(SECRET_BYTES), time.now(), Optional.empty());
    lock.lock();
    try {
      keys = store.rotate(fresh, ROTATION, REPLACED_KEPT);
      lookedAtTicks = time.ticks();
      return keys.get(0);
    } finally {
      lock.unlock();
    }
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /** The signature of a text in ASCII, in Base64 for URLs without padding. */
  public static String sign(LeaseKey key, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(HexFormat.of().parseHex(key.secret()), ALGORITHM));
      byte[] signed = mac.doFinal(text.getBytes(US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every Java has " + ALGORITHM, missing);
    }
  }

  /** Returns whether a server of this queue gave this text this signature, by this key. */
  public boolean isSigned(String keyId, String text, String signature) {
    return find(keyId)
        .map(key -> sign(key, text).getBytes(US_ASCII))
        .filter(right -> MessageDigest.isEqual(right, signature.getBytes(US_ASCII)))
        .isPresent();
  }

  /** Another server may have made it since the last look; invented ids cost one look a second. */
  private Optional<LeaseKey> find(String id) {
    lookIfOlderThan(TRUST);
    if (known(id).isEmpty()) {
      lookIfOlderThan(LOOK_INTERVAL);
    }
    return known(id);
  }

  private void lookIfOlderThan(Duration age) {
    if (time.ticks() - lookedAtTicks < age.toNanos()) {
      return;
    }
    lock.lock();
    try {
      if (time.ticks() - lookedAtTicks >= age.toNanos()) {
        keys = store.list();
        lookedAtTicks = time.ticks();
      }
    } finally {
      lock.unlock();
    }
  }

  private Optional<LeaseKey> known(String id) {
    return keys.stream().filter(key -> key.id().equals(id)).findFirst();
  }
}
