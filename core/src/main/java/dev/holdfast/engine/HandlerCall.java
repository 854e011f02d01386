package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.HandlerInterceptor;
import dev.holdfast.JobContext;
import dev.holdfast.Outcome;
import dev.holdfast.error.NotRetryableException;
import dev.holdfast.spi.Claimed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the handler of one attempt, with the interceptors around it, and turns what it returns or
 * throws into an outcome.
 */
final class HandlerCall {
  private static final Logger log = LoggerFactory.getLogger(HandlerCall.class);

  /** A job with a payload of a newer version is offered again after this long. */
  private static final Duration UNTIL_NEWER_NODE = Duration.ofSeconds(10);

  /**
   * The outcome of a handler that returned after {@code completeIn}. If its transaction was
   * committed after all, the store ignores this.
   */
  static final Outcome.Failed NOT_COMMITTED =
      new Outcome.Failed(
          Failure.of(
              Failure.Kind.ERROR,
              "the handler returned after completeIn, but had not committed its transaction"));

  private final Attempt attempt;
  private final HandlerContext context;
  private final NodeServices services;
  private final List<HandlerInterceptor> interceptors = new ArrayList<>();
  private final List<Consumer<Optional<Failure>>> onEnd = new ArrayList<>();

  HandlerCall(Attempt attempt, HandlerContext context, NodeServices services) {
    this.attempt = attempt;
    this.context = context;
    this.services = services;
    interceptors.add(new Traced(services.handlers().tracing(), context, attempt.job().trace()));
    interceptors.addAll(services.handlers().interceptors());
  }

  /** The only place that catches everything: a handler can fail in any way without harm to us. */
  Outcome run() {
    try {
      Object result = around(0);
      if (attempt.isCompletedInTransaction()) {
        return NOT_COMMITTED;
      }
      return result instanceof Outcome special
          ? special
          : new Outcome.Completed(context.encoded(result));
    } catch (NotRetryableException refused) {
      return new Outcome.GaveUp(Failure.of(Failure.Kind.NOT_RETRYABLE, refused));
    } catch (Handlers.NewerPayloadException newer) {
      log.info("Job {} is not run here: {}.", attempt.id(), newer.getMessage());
      return new Outcome.Snoozed(UNTIL_NEWER_NODE);
    } catch (Handlers.UndecodableException misfit) {
      return new Outcome.GaveUp(Failure.of(Failure.Kind.PAYLOAD, misfit));
    } catch (Throwable failure) {
      return new Outcome.Failed(Failure.of(Failure.Kind.ERROR, failure));
    }
  }

  /** Runs the interceptors from this one on, and the handler within them. */
  private @Nullable Object around(int next) throws Exception {
    return next == interceptors.size()
        ? handler()
        : interceptors.get(next).around(new Around(next + 1));
  }

  private @Nullable Object handler() throws Exception {
    Claimed job = attempt.job();
    if (services.transitions().isCrashLoop(job)) {
      return new Outcome.GaveUp(Interruptions.crashLoop(job.crashes(), "").failure());
    }
    return services.handlers().of(job.type()).run(job.payload(), job.payloadVersion(), context);
  }

  /** Tells the interceptors how the attempt ended. */
  void ended(Optional<Failure> problem) {
    Collections.reverse(onEnd);
    for (Consumer<Optional<Failure>> callback : onEnd) {
      try {
        callback.accept(problem);
      } catch (RuntimeException | Error faulty) {
        log.warn("An interceptor of job {} failed at its end.", attempt.id(), faulty);
      }
    }
  }

  /** One interceptor, and the rest of the call that it is around. */
  private final class Around implements HandlerInterceptor.Call {
    private final int next;
    private boolean isDone;

    private Around(int next) {
      this.next = next;
    }

    @Override
    public JobContext job() {
      return context;
    }

    @Override
    public @Nullable Object proceed() throws Exception {
      if (isDone) {
        throw new IllegalStateException(
            "an interceptor called proceed twice: it runs the handler once");
      }
      isDone = true;
      return around(next);
    }

    @Override
    public void onEnd(Consumer<Optional<Failure>> callback) {
      onEnd.add(callback);
    }
  }
}
