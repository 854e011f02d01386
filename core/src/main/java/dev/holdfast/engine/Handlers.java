package dev.holdfast.engine;

import static java.util.Objects.requireNonNull;

import dev.holdfast.HandlerInterceptor;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.JobContext;
import dev.holdfast.JobHandler;
import dev.holdfast.JobType;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.RetryPolicy;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.EngineListener;
import dev.holdfast.spi.LeaseRules;
import dev.holdfast.spi.PayloadCodec;
import dev.holdfast.spi.Tracing;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handlers of a process by type, with the tracing around them and the listeners that observe
 * them: types are names, never classes.
 */
public final class Handlers {
  private static final Logger log = LoggerFactory.getLogger(Handlers.class);

  private final PayloadCodec codec;
  private final Map<String, Entry<?>> byType = new ConcurrentHashMap<>();
  private final Listeners listeners = new Listeners();
  private final List<HandlerInterceptor> interceptors = new CopyOnWriteArrayList<>();
  private volatile Tracing tracing = Tracing.handingOn();
  private volatile Supplier<Optional<String>> openTransaction = Optional::empty;

  /** Creates an empty set; {@code codec} encodes payloads and results. */
  public Handlers(PayloadCodec codec) {
    this.codec = codec;
  }

  /**
   * Adds a handler.
   *
   * @throws InvalidRequestException if the type or one of its aliases has one already; nothing was
   *     added
   */
  public <T> void add(JobType<T, ?> type, JobHandler<? super T> handler) {
    for (String name : type.names()) {
      if (byType.containsKey(name)) {
        throw new InvalidRequestException(
            "type '%s' has a handler already: one type, one handler".formatted(name));
      }
    }
    Entry<T> entry = new Entry<>(type, handler);
    type.names().forEach(name -> byType.put(name, entry));
  }

  /** Connects jobs with these traces from now on. */
  public void traceBy(Tracing newTracing) {
    tracing = newTracing;
  }

  /** Refuses steps and waits in transactions that this finds from now on. */
  public void refuseStepsIn(Supplier<Optional<String>> newTransaction) {
    openTransaction = newTransaction;
  }

  /** Describes the program's transaction that is open on the calling thread. */
  Optional<String> openTransaction() {
    return openTransaction.get();
  }

  /** Adds a listener. */
  public void observeBy(EngineListener listener) {
    listeners.add(listener);
  }

  /** Returns what encodes payloads and results. */
  public PayloadCodec codec() {
    return codec;
  }

  /** Adds an interceptor, inside of those that were added before. */
  public void interceptBy(HandlerInterceptor interceptor) {
    interceptors.add(interceptor);
  }

  List<HandlerInterceptor> interceptors() {
    return interceptors;
  }

  /** Returns the listeners as one. */
  public EngineListener listener() {
    return listeners;
  }

  /** Returns the tracing. */
  public Tracing tracing() {
    return tracing;
  }

  Set<String> types() {
    return Set.copyOf(byType.keySet());
  }

  /** The types, and what nodes without this code are to do with their interrupted jobs. */
  Map<String, RecoveryPolicy> recoveries() {
    Map<String, RecoveryPolicy> recoveries = new HashMap<>();
    byType.forEach((name, entry) -> recoveries.put(name, entry.policy().recovery().elsewhere()));
    return recoveries;
  }

  /** Returns the types' rules for lost leases, where they are not the default. */
  Map<String, LeaseRules> leaseRules() {
    Map<String, LeaseRules> rules = new HashMap<>();
    byType.forEach(
        (name, entry) -> {
          LeaseRules own = LeaseRules.of(entry.policy());
          if (!own.equals(LeaseRules.DEFAULTS)) {
            rules.put(name, own);
          }
        });
    return rules;
  }

  /** The policy of {@code type}; empty for a type that is not handled here. */
  Optional<HandlerPolicy> known(String type) {
    return Optional.<Entry<?>>ofNullable(byType.get(type)).map(Entry::policy);
  }

  /** The policy of {@code type}; the default one for a type that is not handled here. */
  HandlerPolicy policy(String type) {
    return known(type).orElseGet(HandlerPolicy::defaults);
  }

  /**
   * The delay before the attempt after {@code attempt}; empty when there will be none. A retry
   * policy can be user code; where it fails, the default one decides.
   */
  Optional<Duration> retryDelay(String type, int attempt, int maxAttempts, RandomGenerator random) {
    if (attempt >= maxAttempts) {
      return Optional.empty();
    }
    try {
      return policy(type).retry().delayAfter(attempt, random).map(Handlers::possible);
    } catch (RuntimeException | Error faulty) {
      log.warn("The retry policy of type '{}' failed; the default one decides.", type, faulty);
      return RetryPolicy.exponential().delayAfter(attempt, random);
    }
  }

  private static Duration possible(Duration delay) {
    if (delay.isNegative() || delay.toDays() > Limits.DELAY_DAYS_MAX) {
      throw new IllegalArgumentException(
          "a delay must be 0 to %d days, was %s"
              .formatted(Limits.DELAY_DAYS_MAX, Durations.describe(delay)));
    }
    return delay;
  }

  /** Returns the version of a type's payloads; 1 for a type that is not handled here. */
  public int version(String type) {
    return Optional.<Entry<?>>ofNullable(byType.get(type)).map(e -> e.type.version()).orElse(1);
  }

  Entry<?> of(String type) {
    return Optional.<Entry<?>>ofNullable(byType.get(type))
        .orElseThrow(
            () -> new IllegalStateException("claimed the unhandled type " + type + ": a bug"));
  }

  /** One type's handler. */
  final class Entry<T> {
    private final JobType<T, ?> type;
    private final JobHandler<? super T> handler;

    private Entry(JobType<T, ?> type, JobHandler<? super T> handler) {
      this.type = type;
      this.handler = handler;
    }

    HandlerPolicy policy() {
      return type.policy();
    }

    @Nullable Object run(String json, int version, JobContext job) throws Exception {
      return handler.run(decode(json, version), job);
    }

    /**
     * Reads a stored payload.
     *
     * @throws NewerPayloadException if it is of a version that this process does not know yet
     * @throws UndecodableException if it does not fit
     */
    T decode(String json, int version) throws NewerPayloadException, UndecodableException {
      if (version > type.version()) {
        throw new NewerPayloadException(version, type.version());
      }
      try {
        return codec.decode(upcast(json, version), type.payload());
      } catch (InvalidRequestException misfit) {
        throw new UndecodableException(String.valueOf(misfit.getMessage()), misfit);
      }
    }

    private String upcast(String json, int version) throws UndecodableException {
      if (version == type.version()) {
        return json;
      }
      int from = version;
      try {
        @Nullable Object payload = codec.decode(json, Object.class);
        for (; from < type.version(); from++) {
          payload = requireNonNull(type.upcasters().get(from)).upcast(payload);
        }
        return payload == null ? "null" : codec.encode(payload);
      } catch (Exception failure) {
        throw new UndecodableException(
            "the payload of version %d cannot be turned into version %d: %s"
                .formatted(from, from + 1, failure),
            failure);
      }
    }
  }

  /** The stored payload does not fit the handler's type. */
  static final class UndecodableException extends Exception {
    private static final long serialVersionUID = 1L;

    UndecodableException(String message, Exception misfit) {
      super(message, misfit);
    }
  }

  /** The stored payload was written by a newer program. */
  static final class NewerPayloadException extends Exception {
    private static final long serialVersionUID = 1L;

    NewerPayloadException(int version, int known) {
      super(
          "its payload has version %d, this process knows up to %d: left to a newer one"
              .formatted(version, known));
    }
  }
}
