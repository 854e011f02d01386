package dev.holdfast.http.client;

import dev.holdfast.error.BusyException;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.http.client.SendResult.Sequel;
import dev.holdfast.spi.TimeSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sends requests, and retries those that may be repeated, for a limited time. Thread-safe. Each
 * attempt ends within the configured timeouts, no matter what the server does.
 */
final class Transport {
  private static final Duration PAUSE_MIN = Duration.ofMillis(100);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(2);
  private static final double JITTER = 0.2;

  /**
   * The additional time for a body, which may take as long as the start of the response, plus this.
   */
  private static final Duration BODY_EXTRA = Duration.ofSeconds(5);

  private final ClientConfig config;
  private final TimeSource time;
  private final HttpClient client;
  private volatile boolean isClosed;

  Transport(ClientConfig config, TimeSource time) {
    this.config = config;
    this.time = time;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** Stops sending. */
  void close() {
    isClosed = true;
  }

  /** Returns the response, or empty if there is no such resource. */
  <T> Optional<T> ifThere(Request request, Function<Reply, T> read) {
    try {
      return Optional.of(read.apply(call(request)));
    } catch (NotFoundException none) {
      return Optional.empty();
    }
  }

  /** Sends a request and waits for the reply. */
  Reply call(Request request) {
    CompletableFuture<Reply> reply = send(request);
    try {
      return reply.get();
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException(
          "interrupted before the server at %s responded: a write in progress may have taken effect"
              .formatted(config.server()),
          hurry);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof HoldfastException known) {
        throw (HoldfastException)
            known.fillInStackTrace(); // the caller's stack trace is more useful
      }
      throw new IllegalStateException("a request failed: a bug", failure.getCause());
    }
  }

  /** Sends a request; the future fails with a {@link HoldfastException} and nothing else. */
  CompletableFuture<Reply> send(Request request) {
    return attempt(request, new Patience(time.ticks()));
  }

  /**
   * The attempts to send one request.
   *
   * @param begin the start of the first, in ticks
   * @param tries their number
   * @param mayHaveHappened whether one of them may have taken effect
   */
  private record Patience(long begin, int tries, boolean mayHaveHappened) {
    Patience(long begin) {
      this(begin, 0, false);
    }

    Patience after(SendResult sendResult) {
      return new Patience(
          begin, tries + 1, mayHaveHappened || sendResult.sequel() == Sequel.UNKNOWN);
    }
  }

  private CompletableFuture<Reply> attempt(Request request, Patience patience) {
    if (isClosed) {
      return CompletableFuture.failedFuture(
          new ConflictException("this client is closed: create another one"));
    }
    return exchange(request)
        .handle(
            (answer, thrown) ->
                thrown == null
                    ? SendResult.of(config.server().toString(), answer)
                    : SendResult.of(config.server().toString(), cause(thrown)))
        .thenCompose(sendResult -> concluded(request, sendResult, patience.after(sendResult)));
  }

  private CompletableFuture<Reply> concluded(
      Request request, SendResult sendResult, Patience patience) {
    if (sendResult.reply().isPresent()) {
      return CompletableFuture.completedFuture(sendResult.reply().get());
    }
    boolean mayRepeat =
        switch (sendResult.sequel()) {
          case UNTOUCHED -> true;
          case UNKNOWN -> request.repeat() == Request.Repeat.ALWAYS;
          case REFUSED -> false;
        };
    Duration pause = pause(sendResult, patience.tries());
    Duration waited = Duration.ofNanos(time.ticks() - patience.begin());
    if (!mayRepeat || isClosed || waited.plus(pause).compareTo(config.patience()) > 0) {
      return CompletableFuture.failedFuture(failure(sendResult, patience));
    }
    Executor later = CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS);
    return CompletableFuture.supplyAsync(() -> request, later)
        .thenCompose(again -> attempt(again, patience));
  }

  /** Returns the failure. Its text "nothing was changed" would be true only of the last attempt. */
  private HoldfastException failure(SendResult sendResult, Patience patience) {
    HoldfastException last = sendResult.failure().orElseThrow();
    boolean isInDoubt = patience.mayHaveHappened() && sendResult.sequel() == Sequel.UNTOUCHED;
    if (isInDoubt && (last instanceof BusyException || last instanceof StoreUnavailableException)) {
      return new StoreUnavailableException(
          "the server at %s did not respond to the first of %d attempts, which may have taken effect; the last: %s"
              .formatted(config.server(), patience.tries(), last.getMessage()),
          last);
    }
    return last;
  }

  private static Duration pause(SendResult sendResult, int tries) {
    long doubled = PAUSE_MIN.toMillis() << Math.min(tries - 1, 10);
    double jitter = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    Duration own = Duration.ofMillis(Math.round(Math.min(doubled, PAUSE_MAX.toMillis()) * jitter));
    return own.compareTo(sendResult.pause()) > 0 ? own : sendResult.pause();
  }

  /** Sends a request once, with a timeout: the JDK's client has none for the body. */
  private CompletableFuture<HttpResponse<String>> exchange(Request request) {
    Duration head = config.requestTimeout().plus(request.extra());
    Duration whole = head.plus(config.requestTimeout()).plus(BODY_EXTRA);
    CompletableFuture<HttpResponse<String>> exchange =
        client.sendAsync(http(request, head), BoundedText.upTo(config.answerBytesMax()));
    return exchange
        .copy()
        .orTimeout(whole.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                exchange.cancel(true);
              }
            });
  }

  private HttpRequest http(Request request, Duration limit) {
    HttpRequest.Builder http =
        HttpRequest.newBuilder(URI.create(config.base() + "/api/v1" + request.path()))
            .timeout(limit)
            .header("Accept", "application/json, application/problem+json")
            .method(
                request.method(),
                request.body().map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()));
    config.token().ifPresent(token -> http.header("Authorization", "Bearer " + token));
    request.body().ifPresent(json -> http.header("Content-Type", "application/json"));
    return http.build();
  }

  /** Unwraps the exception of a future. */
  static Throwable cause(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return thrown instanceof CompletionException && cause != null ? cause : thrown;
  }
}
