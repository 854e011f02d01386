package dev.holdfast.engine;

import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.PayloadCodec;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The saved states of one attempt's job. Read from the store once, when they are first asked for:
 * as long as the lease holds, no other process writes them.
 */
final class Checkpoints {
  private final Lease lease;
  private final JobStore store;
  private final PayloadCodec codec;
  private final OutageRetry outage;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Map<String, String> known; // guarded by lock

  Checkpoints(Lease lease, JobStore store, PayloadCodec codec, OutageRetry outage) {
    this.lease = lease;
    this.store = store;
    this.codec = codec;
    this.outage = outage;
  }

  <T> Optional<T> read(String name, @Nullable Class<T> type) {
    if (type == null) {
      throw new InvalidRequestException(
          "checkpoint '%s' is to be read as null, not as a class: removeCheckpoint removes it"
              .formatted(name));
    }
    lock.lock();
    try {
      return Optional.ofNullable(known().get(name)).map(json -> codec.decode(json, type));
    } finally {
      lock.unlock();
    }
  }

  void save(String name, @Nullable Object state) {
    if (name.isBlank() || name.length() > Limits.NAME_CHARS_MAX) {
      throw new InvalidRequestException(
          "a checkpoint's name must have 1 to %d characters, had %d"
              .formatted(Limits.NAME_CHARS_MAX, name.length()));
    }
    Optional<String> json = Optional.ofNullable(state).map(value -> encode(name, value));
    lock.lock();
    try {
      Map<String, String> states = known();
      if (!states.containsKey(name) && states.size() >= Limits.CHECKPOINTS_MAX) {
        throw new InvalidRequestException(
            "a job has at most %d checkpoints, '%s' would be one more: save under a name again, or remove some"
                .formatted(Limits.CHECKPOINTS_MAX, name));
      }
      known = null; // a store that fails may have saved: read it again
      outage.run(() -> store.checkpoint(lease, name, json));
      states.remove(name);
      json.ifPresent(saved -> states.put(name, saved));
      known = states;
    } finally {
      lock.unlock();
    }
  }

  private Map<String, String> known() {
    if (known == null) {
      known = new HashMap<>(outage.call(() -> store.checkpoints(lease.job())));
    }
    return known;
  }

  private String encode(String name, Object state) {
    String json = codec.encode(state);
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.CHECKPOINT_BYTES_MAX) {
      throw new InvalidRequestException(
          "checkpoint '%s' has %,d bytes of JSON, at most %,d are kept: store it elsewhere and save where"
              .formatted(name, bytes, Limits.CHECKPOINT_BYTES_MAX));
    }
    return json;
  }
}
