package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.NotRetryableException;
import dev.holdfast.Outcome;
import dev.holdfast.spi.Claimed;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the handler of one attempt and turns what it returns or throws into an outcome. */
final class HandlerCall {
  private static final Logger log = LoggerFactory.getLogger(HandlerCall.class);

  /** A job with a payload of a newer version is offered again after this long. */
  private static final Duration UNTIL_NEWER_NODE = Duration.ofSeconds(10);

  /**
   * The outcome of a handler that returned after {@code completeIn}. If its transaction was
   * committed after all, the store ignores this.
   */
  static final Outcome NOT_COMMITTED =
      new Outcome.Failed(
          Failure.of(
              Failure.Kind.ERROR,
              "the handler returned after completeIn, but had not committed its transaction"));

  private final Attempt attempt;
  private final HandlerContext context;
  private final NodeServices services;

  HandlerCall(Attempt attempt, HandlerContext context, NodeServices services) {
    this.attempt = attempt;
    this.context = context;
    this.services = services;
  }

  /** The only place that catches everything: a handler can fail in any way without harm to us. */
  Outcome run() {
    Claimed job = attempt.job();
    if (services.transitions().isCrashLoop(job)) {
      return new Outcome.GaveUp(Interruptions.crashLoop(job.crashes(), "").failure());
    }
    try {
      Object result =
          services.handlers().of(job.type()).run(job.payload(), job.payloadVersion(), context);
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
}
