package dev.holdfast.engine;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobContext;
import dev.holdfast.JobHandler;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.spi.PayloadCodec;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The handlers of a process by type: types are names, never classes. */
public final class Handlers {
  private final PayloadCodec codec;
  private final Map<String, Entry<?>> byType = new ConcurrentHashMap<>();

  /** No handlers yet; payloads and results go through {@code codec}. */
  public Handlers(PayloadCodec codec) {
    this.codec = codec;
  }

  /**
   * Adds a handler.
   *
   * @throws InvalidRequestException if {@code type} has one already
   */
  public <T> void add(
      String type, Class<T> payload, JobHandler<? super T> handler, HandlerPolicy policy) {
    Entry<T> entry = new Entry<>(payload, handler, policy);
    if (byType.putIfAbsent(type, entry) != null) {
      throw new InvalidRequestException(
          "type '%s' has a handler already: one type, one handler".formatted(type));
    }
  }

  Set<String> types() {
    return Set.copyOf(byType.keySet());
  }

  /** The policy of {@code type}; the default one for a type that is not handled here. */
  HandlerPolicy policy(String type) {
    Entry<?> entry = byType.get(type);
    return entry == null ? HandlerPolicy.defaults() : entry.policy;
  }

  RecoveryPolicy recovery(String type) {
    return policy(type).recovery();
  }

  Entry<?> of(String type) {
    return Optional.<Entry<?>>ofNullable(byType.get(type))
        .orElseThrow(
            () -> new IllegalStateException("claimed the unhandled type " + type + ": a bug"));
  }

  /** One type's handler. */
  final class Entry<T> {
    private final Class<T> payload;
    private final JobHandler<? super T> handler;
    private final HandlerPolicy policy;

    private Entry(Class<T> payload, JobHandler<? super T> handler, HandlerPolicy policy) {
      this.payload = payload;
      this.handler = handler;
      this.policy = policy;
    }

    HandlerPolicy policy() {
      return policy;
    }

    @Nullable Object run(String json, JobContext job) throws Exception {
      T decoded;
      try {
        decoded = codec.decode(json, payload);
      } catch (InvalidRequestException misfit) {
        throw new UndecodableException(misfit);
      }
      return handler.run(decoded, job);
    }

    String encode(Object result) {
      return codec.encode(result);
    }
  }

  /** The stored payload does not fit the handler's type. */
  static final class UndecodableException extends Exception {
    private static final long serialVersionUID = 1L;

    UndecodableException(InvalidRequestException misfit) {
      super(misfit.getMessage(), misfit);
    }
  }
}
